-- TokenKit for PostgreSQL (12 or newer), schema version 1.
-- It may be run again at any time: what is there already stays as it is.

-- One row per token.
-- Ids, tags and keys are bytea: bytes have no case, no collation and no trailing spaces.
-- Instants (..._at) are whole microseconds since 1970-01-01T00:00:00Z and always come from the library, never from the database's clock.
-- Text that is compared has the collation "C", byte by byte: an index over it outlives upgrades of the operating system's collations.
CREATE TABLE IF NOT EXISTS "tokenkit_token" (
    id               bytea  NOT NULL PRIMARY KEY CHECK (octet_length(id) = 16),  -- big-endian UUID: version 7 is inserted at the end of the index
    sequence         bigint NOT NULL GENERATED ALWAYS AS IDENTITY,               -- order of insertion; a sequence gives no number twice
    realm            text   COLLATE "C" NOT NULL,
    kind             text   COLLATE "C" NOT NULL,
    subject          text   COLLATE "C" NOT NULL,                                -- empty for nobody, never NULL
    name             text   NOT NULL,
    name_key         bytea  NULL CHECK (octet_length(name_key) = 32),            -- hash of realm, subject and name, only where names must be unique
    scopes           text   NOT NULL,
    hint             text   NOT NULL,
    hash             text   NOT NULL,                                            -- Argon2id of the plaintext, PHC string
    tag              bytea  NULL CHECK (octet_length(tag) = 8),
    key_id           text   NULL,
    verifier         bytea  NULL CHECK (octet_length(verifier) = 32),
    recoverable_copy bytea  NULL,                                                -- ciphertext, only in realms that show values again
    created_at       bigint NOT NULL,
    updated_at       bigint NOT NULL,
    expires_at       bigint NULL,
    last_used_at     bigint NULL,                                                -- in no index, so that writing it moves no index entry
    revoked_at       bigint NULL,
    suspended_at     bigint NULL,
    version          bigint NOT NULL,                                            -- counts changes, for optimistic concurrency
    issued_by        bytea  NULL CHECK (octet_length(issued_by) = 16),
    actor            text   NULL,
    predecessor_id   bytea  NULL CHECK (octet_length(predecessor_id) = 16),
    successor_id     bytea  NULL CHECK (octet_length(successor_id) = 16),
    wire_data        text   NULL
) WITH (fillfactor = 90); -- room for a last use beside its row, so that the nine indexes are left alone

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
    change_id bytea  NOT NULL PRIMARY KEY CHECK (octet_length(change_id) = 16),
    at        bigint NOT NULL
);

CREATE INDEX IF NOT EXISTS "tokenkit_change_at"
    ON "tokenkit_change" (at);

-- One row per subject whose number of tokens is limited, locked while they are counted.
CREATE TABLE IF NOT EXISTS "tokenkit_guard" (
    realm   text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    PRIMARY KEY (realm, subject)
);

-- Running this script again must not take a later schema back to version 1.
UPDATE "tokenkit_schema" SET version = 1 WHERE id = 1 AND version < 1;
