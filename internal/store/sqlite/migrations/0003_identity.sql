-- +goose Up

-- One row. The name tells this store from others; what is tried is written when a write is tried.
CREATE TABLE identity (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    name  TEXT NOT NULL,
    tried BLOB NOT NULL
) STRICT;

INSERT INTO identity VALUES (1, lower(hex(randomblob(16))), x'');
