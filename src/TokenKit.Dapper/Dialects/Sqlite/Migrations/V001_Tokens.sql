-- TokenKit for SQLite (3.41 or newer), schema version 1.
-- This step may be run again at any time: what is there already stays as it is.

-- One row per token. STRICT, because SQLite would otherwise store any type in any column.
-- Ids, tags and keys are BLOB: bytes have no case, no collation and no trailing spaces.
-- Instants (..._at) are whole microseconds since 1970-01-01T00:00:00Z and always come from the library, never from the database's clock.
-- Text is compared by SQLite's default collation BINARY, that is byte by byte.
CREATE TABLE IF NOT EXISTS "tokenkit_token" (
    sequence         INTEGER PRIMARY KEY AUTOINCREMENT,                -- order of insertion; AUTOINCREMENT, so that no number comes back after a delete
    id               BLOB    NOT NULL CHECK (length(id) = 16),         -- big-endian UUID: version 7 sorts by time
    realm            TEXT    NOT NULL,
    kind             TEXT    NOT NULL,
    subject          TEXT    NOT NULL,                                 -- empty for nobody, never NULL
    name             TEXT    NOT NULL,
    name_key         BLOB    NULL CHECK (length(name_key) = 32),       -- hash of realm, subject and name, only where names must be unique
    scopes           TEXT    NOT NULL,
    hint             TEXT    NOT NULL,
    hash             TEXT    NOT NULL,                                 -- Argon2id of the plaintext, PHC string
    tag              BLOB    NULL CHECK (length(tag) = 8),
    key_id           TEXT    NULL,
    verifier         BLOB    NULL CHECK (length(verifier) = 32),
    recoverable_copy BLOB    NULL,                                     -- ciphertext, only in realms that show values again
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    expires_at       INTEGER NULL,
    last_used_at     INTEGER NULL,
    revoked_at       INTEGER NULL,
    suspended_at     INTEGER NULL,
    version          INTEGER NOT NULL,                                 -- counts changes, for optimistic concurrency
    issued_by        BLOB    NULL CHECK (length(issued_by) = 16),
    actor            TEXT    NULL,
    predecessor_id   BLOB    NULL CHECK (length(predecessor_id) = 16),
    successor_id     BLOB    NULL CHECK (length(successor_id) = 16),
    wire_data        TEXT    NULL
) STRICT;

-- Look-up of one token.
CREATE UNIQUE INDEX IF NOT EXISTS "tokenkit_token_id"
    ON "tokenkit_token" (id);

-- Unique names. Revoking clears the key, so that the name is free again.
CREATE UNIQUE INDEX IF NOT EXISTS "tokenkit_token_name_key"
    ON "tokenkit_token" (name_key) WHERE name_key IS NOT NULL;

-- A subject's tokens, newest first: with the revoked ones, and (smaller, and used far more often) without them.
-- The second also serves the count of living tokens and "revoke all".
CREATE INDEX IF NOT EXISTS "tokenkit_token_subject"
    ON "tokenkit_token" (realm, subject, created_at, id);
CREATE INDEX IF NOT EXISTS "tokenkit_token_subject_unrevoked"
    ON "tokenkit_token" (realm, subject, created_at, id) WHERE revoked_at IS NULL;

-- The same for everyone's tokens. Without the second, "revoke all of a realm" would pass over what it has revoked again and again.
CREATE INDEX IF NOT EXISTS "tokenkit_token_realm"
    ON "tokenkit_token" (realm, created_at, id);
CREATE INDEX IF NOT EXISTS "tokenkit_token_realm_unrevoked"
    ON "tokenkit_token" (realm, created_at, id) WHERE revoked_at IS NULL;

-- A subject's tokens in the order of insertion.
CREATE INDEX IF NOT EXISTS "tokenkit_token_inserted"
    ON "tokenkit_token" (realm, subject, sequence);

-- Purge.
CREATE INDEX IF NOT EXISTS "tokenkit_token_revoked_at"
    ON "tokenkit_token" (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS "tokenkit_token_expires_at"
    ON "tokenkit_token" (expires_at) WHERE expires_at IS NOT NULL;

-- The ids of committed changes, written in the transaction of the change: a change that is repeated is recognised.
CREATE TABLE IF NOT EXISTS "tokenkit_change" (
    change_id BLOB    NOT NULL PRIMARY KEY CHECK (length(change_id) = 16),
    at        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS "tokenkit_change_at"
    ON "tokenkit_change" (at);

-- One row per subject whose number of tokens is limited, locked while they are counted.
CREATE TABLE IF NOT EXISTS "tokenkit_guard" (
    realm   TEXT NOT NULL,
    subject TEXT NOT NULL,
    PRIMARY KEY (realm, subject)
) STRICT, WITHOUT ROWID;

-- Running this script again must not take a later schema back to version 1.
UPDATE "tokenkit_schema" SET version = 1 WHERE id = 1 AND version < 1;
