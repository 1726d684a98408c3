-- +goose Up

CREATE TABLE entries (
    owner TEXT NOT NULL,
    kind  TEXT NOT NULL,
    at    INTEGER NOT NULL,
    key   TEXT NOT NULL,
    body  BLOB NOT NULL,
    PRIMARY KEY (owner, kind, at, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX entries_of_kind ON entries (kind, at);
