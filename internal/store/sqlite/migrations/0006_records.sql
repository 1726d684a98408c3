-- +goose Up

CREATE TABLE records (
    kind       TEXT NOT NULL,
    key        TEXT NOT NULL,
    owner      TEXT NOT NULL,
    version    INTEGER NOT NULL,
    expires_at INTEGER,
    body       BLOB NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX records_of_owner ON records (owner) WHERE owner <> '';
CREATE INDEX records_expiry ON records (expires_at) WHERE expires_at IS NOT NULL;

-- A login on its way is kept by the browser alone, sealed.
DROP TABLE auth_requests;
