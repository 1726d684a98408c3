-- +goose Up

CREATE TABLE connections (
    id               TEXT NOT NULL PRIMARY KEY,
    app_scoped_id    TEXT NOT NULL,
    username         TEXT NOT NULL,
    name             TEXT NOT NULL,
    account_type     TEXT NOT NULL,
    picture_url      TEXT NOT NULL,
    followers        INTEGER,
    follows          INTEGER,
    media            INTEGER,
    scopes_asked     TEXT,
    scopes           TEXT,
    status           TEXT NOT NULL,
    status_reason    TEXT NOT NULL,
    connected_at     INTEGER,
    token_issued_at  INTEGER,
    token_expires_at INTEGER,
    refreshed_at     INTEGER,
    next_refresh_at  INTEGER,
    version          INTEGER NOT NULL,
    lease_holder     TEXT,
    lease_term       INTEGER NOT NULL DEFAULT 0,
    lease_until      INTEGER,
    -- Last, because a long value pushes what comes after it out of the page.
    sealed_token     BLOB
) STRICT;

CREATE INDEX connections_due ON connections (next_refresh_at)
    WHERE status = 'active' AND next_refresh_at IS NOT NULL;

-- Tells without a scan whether anything sealed is there.
CREATE INDEX connections_sealed ON connections (sealed_token IS NULL)
    WHERE sealed_token IS NOT NULL;

CREATE TABLE events (
    number        INTEGER PRIMARY KEY,
    connection_id TEXT NOT NULL,
    at            INTEGER,
    kind          TEXT NOT NULL,
    caller        TEXT NOT NULL,
    message       TEXT NOT NULL
) STRICT;

CREATE INDEX events_of_connection ON events (connection_id, at, number);

CREATE TABLE auth_requests (
    state      BLOB NOT NULL PRIMARY KEY,
    binding    BLOB NOT NULL,
    scopes     TEXT,
    created_at INTEGER,
    expires_at INTEGER,
    taken_at   INTEGER,
    taken_by   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX auth_requests_expiry ON auth_requests (expires_at);

CREATE TABLE sessions (
    secret        BLOB NOT NULL PRIMARY KEY,
    connection_id TEXT NOT NULL,
    created_at    INTEGER,
    seen_at       INTEGER,
    expires_at    INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_of_connection ON sessions (connection_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- One row at most.
CREATE TABLE keyring (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    fingerprint TEXT NOT NULL
) STRICT;
