-- +goose Up

-- One row. The name tells this store from others; the number changes when a write is tried.
CREATE TABLE identity (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    name   TEXT NOT NULL,
    writes INTEGER NOT NULL
) STRICT;

INSERT INTO identity VALUES (1, lower(hex(randomblob(16))), 0);
