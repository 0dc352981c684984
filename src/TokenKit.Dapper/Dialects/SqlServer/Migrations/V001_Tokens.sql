-- TokenKit for SQL Server (2016 or newer) and Azure SQL, schema version 1.
-- It may be run again at any time: a table that is there already stays as it is, with its indexes.

-- One row per token.
-- Ids, tags and keys are binary: bytes have no case, no collation and no trailing spaces.
-- Instants (..._at) are whole microseconds since 1970-01-01T00:00:00Z and always come from the library, never from the database's clock.
-- Text that is compared has a binary collation, whatever that of the database. Equality still passes over trailing spaces, so statements
-- compare the length too.
IF OBJECT_ID(N'[tokenkit_token]', N'U') IS NULL
BEGIN
    CREATE TABLE "tokenkit_token" (
        id               binary(16)     NOT NULL PRIMARY KEY CLUSTERED,        -- big-endian UUID: version 7 is inserted at the end of the table
        sequence         bigint         NOT NULL IDENTITY(1, 1),               -- order of insertion; no number comes back after a delete
        realm            nvarchar(64)   COLLATE Latin1_General_BIN2 NOT NULL,
        kind             nvarchar(64)   COLLATE Latin1_General_BIN2 NOT NULL,
        subject          nvarchar(256)  COLLATE Latin1_General_BIN2 NOT NULL,  -- empty for nobody, never NULL
        name             nvarchar(max)  NOT NULL,
        name_key         binary(32)     NULL,                                  -- hash of realm, subject and name, only where names must be unique
        scopes           nvarchar(max)  NOT NULL,
        hint             nvarchar(max)  NOT NULL,
        hash             nvarchar(max)  COLLATE Latin1_General_BIN2 NOT NULL,  -- Argon2id of the plaintext, PHC string; compared before it is replaced
        tag              binary(8)      NULL,
        key_id           nvarchar(max)  NULL,
        verifier         binary(32)     NULL,
        recoverable_copy varbinary(max) NULL,                                  -- ciphertext, only in realms that show values again
        created_at       bigint         NOT NULL,
        updated_at       bigint         NOT NULL,
        expires_at       bigint         NULL,
        last_used_at     bigint         NULL,
        revoked_at       bigint         NULL,
        suspended_at     bigint         NULL,
        version          bigint         NOT NULL,                              -- counts changes, for optimistic concurrency
        issued_by        binary(16)     NULL,
        actor            nvarchar(max)  NULL,
        predecessor_id   binary(16)     NULL,
        successor_id     binary(16)     NULL,
        wire_data        nvarchar(max)  NULL
    );

    -- Unique names. Revoking clears the key, so that the name is free again.
    CREATE UNIQUE INDEX "tokenkit_token_name_key"
        ON "tokenkit_token" (name_key) WHERE name_key IS NOT NULL;

    -- A subject's tokens, newest first: with the revoked ones, and (smaller, and used far more often) without them.
    -- The second also serves the count of living tokens and "revoke all".
    CREATE INDEX "tokenkit_token_subject"
        ON "tokenkit_token" (realm, subject, created_at, id);
    CREATE INDEX "tokenkit_token_subject_unrevoked"
        ON "tokenkit_token" (realm, subject, created_at, id) WHERE revoked_at IS NULL;

    -- The same for everyone's tokens. Without the second, "revoke all of a realm" would pass over what it has revoked again and again.
    CREATE INDEX "tokenkit_token_realm"
        ON "tokenkit_token" (realm, created_at, id);
    CREATE INDEX "tokenkit_token_realm_unrevoked"
        ON "tokenkit_token" (realm, created_at, id) WHERE revoked_at IS NULL;

    -- A subject's tokens in the order of insertion.
    CREATE INDEX "tokenkit_token_inserted"
        ON "tokenkit_token" (realm, subject, sequence);

    -- Purge.
    CREATE INDEX "tokenkit_token_revoked_at"
        ON "tokenkit_token" (revoked_at) WHERE revoked_at IS NOT NULL;
    CREATE INDEX "tokenkit_token_expires_at"
        ON "tokenkit_token" (expires_at) WHERE expires_at IS NOT NULL;
END;

-- The ids of committed changes, written in the transaction of the change: a change that is repeated is recognised.
IF OBJECT_ID(N'[tokenkit_change]', N'U') IS NULL
BEGIN
    CREATE TABLE "tokenkit_change" (
        change_id binary(16) NOT NULL PRIMARY KEY CLUSTERED,
        at        bigint     NOT NULL
    );

    CREATE INDEX "tokenkit_change_at"
        ON "tokenkit_change" (at);
END;

-- One row per subject whose number of tokens is limited, written to lock it while they are counted.
IF OBJECT_ID(N'[tokenkit_guard]', N'U') IS NULL
BEGIN
    CREATE TABLE "tokenkit_guard" (
        realm   nvarchar(64)  COLLATE Latin1_General_BIN2 NOT NULL,
        subject nvarchar(256) COLLATE Latin1_General_BIN2 NOT NULL,
        turn    bigint        NOT NULL,
        PRIMARY KEY CLUSTERED (realm, subject)
    );
END;

-- Running this script again must not take a later schema back to version 1.
UPDATE "tokenkit_schema" SET version = 1 WHERE id = 1 AND version < 1;
