-- +goose Up

-- How many links an owner asked for of late is counted in it.
DROP INDEX links_of_connection;
CREATE INDEX links_of_connection ON links (connection_id, purpose, created_at);
