-- +goose Up

ALTER TABLE connections ADD COLUMN tried_at INTEGER;
ALTER TABLE connections ADD COLUMN notice_at INTEGER;
ALTER TABLE connections ADD COLUMN trouble_since INTEGER;
ALTER TABLE connections ADD COLUMN trouble_tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE connections ADD COLUMN trouble_class TEXT NOT NULL DEFAULT '';
ALTER TABLE connections ADD COLUMN trouble_cause TEXT NOT NULL DEFAULT '';
ALTER TABLE connections ADD COLUMN doubted_at INTEGER;
ALTER TABLE connections ADD COLUMN doubted_cause TEXT NOT NULL DEFAULT '';
ALTER TABLE connections ADD COLUMN trouble_recorded_at INTEGER;

-- Who is connected already is told two weeks before the token ends, as after a login from now on.
UPDATE connections SET notice_at = token_expires_at - 14 * 24 * 60 * 60 * 1000
    WHERE status = 'active' AND token_expires_at IS NOT NULL;

-- A connection is due by its time alone, whatever its status.
DROP INDEX connections_due;
CREATE INDEX connections_due ON connections (next_refresh_at) WHERE next_refresh_at IS NOT NULL;
CREATE INDEX connections_notice ON connections (notice_at) WHERE notice_at IS NOT NULL;

-- The tally and the census are counted in these, without a look at the rows.
CREATE INDEX connections_tried ON connections (tried_at) WHERE tried_at IS NOT NULL;
CREATE INDEX connections_trouble ON connections (trouble_since, trouble_cause, tried_at)
    WHERE trouble_since IS NOT NULL;
CREATE INDEX connections_census ON connections (status, token_expires_at);

CREATE TABLE alarms (
    kind       TEXT NOT NULL PRIMARY KEY,
    raised_at  INTEGER,
    cleared_at INTEGER,
    class      TEXT NOT NULL,
    cause      TEXT NOT NULL,
    message    TEXT NOT NULL,
    probe_at   INTEGER,
    worked     INTEGER NOT NULL,
    told_at    INTEGER,
    version    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE contacts (
    connection_id TEXT NOT NULL PRIMARY KEY,
    address       TEXT NOT NULL,
    asked_at      INTEGER,
    confirmed_at  INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE links (
    secret        BLOB NOT NULL PRIMARY KEY,
    purpose       TEXT NOT NULL,
    connection_id TEXT NOT NULL,
    address       TEXT NOT NULL,
    created_at    INTEGER,
    expires_at    INTEGER,
    used_at       INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX links_of_connection ON links (connection_id);
CREATE INDEX links_expiry ON links (expires_at);

-- One row at most.
CREATE TABLE sweeps (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    at  INTEGER
) STRICT;

ALTER TABLE auth_requests ADD COLUMN link BLOB;
