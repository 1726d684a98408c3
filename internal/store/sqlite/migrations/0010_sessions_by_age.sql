-- +goose Up

-- The sessions of a connection in the order in which they began, so that the oldest are found when there are too many.
DROP INDEX sessions_of_connection;
CREATE INDEX sessions_of_connection ON sessions (connection_id, created_at);
