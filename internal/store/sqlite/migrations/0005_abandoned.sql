-- +goose Up

-- A lease that was not released is found in it.
CREATE INDEX connections_leased ON connections (lease_until) WHERE lease_until IS NOT NULL;
