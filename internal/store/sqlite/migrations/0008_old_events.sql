-- +goose Up

-- What happened too long ago is found in it.
CREATE INDEX events_at ON events (at) WHERE at IS NOT NULL;
