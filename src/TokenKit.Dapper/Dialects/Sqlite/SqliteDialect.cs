using System.Data.Common;
using TokenKit.Dapper.Execution;

namespace TokenKit.Dapper.Dialects.Sqlite;

/// <summary>SQLite 3.41 or newer, in write-ahead-log mode.</summary>
/// <remarks>
/// Where several indexes fit a statement, it names the one that it needs: SQLite chooses by statistics that a host may or may not have
/// gathered, and a choice that suits most subjects would pass over all the revoked tokens of a large one.
/// </remarks>
internal sealed class SqliteDialect(TableNames tables) : SqlDialect
{
    /// <summary>How long a connection waits for a lock.</summary>
    public const int BusySeconds = 5;

    public override string Name => "Sqlite";

    public override TableNames Tables { get; } = tables.SchemaName is null
        ? tables
        : throw new ArgumentException($"SQLite has no schemas; leave {nameof(DapperStoreOptions)}.{nameof(DapperStoreOptions.SchemaName)} unset.", nameof(tables));

    // A driver may wait in a loop of its own, around the wait of SQLite: Microsoft.Data.Sqlite does, for 30 s unless told otherwise.
    public override int CommandTimeout => BusySeconds;

    public override bool IsEmbedded => true;

    // Both settings live in the physical connection, which pools share with whoever uses the same connection string. They touch no page,
    // so sending them on each open costs microseconds; a hook on the physical connection would need a reference to the driver.
    public override string PrepareConnection { get; } = $"""
        PRAGMA busy_timeout = {BusySeconds}000;
        PRAGMA synchronous = FULL;
        """;

    // A transaction that reads first and writes later cannot be waited for: it fails when another one wrote in between. Hence the write
    // lock at once, and as a statement, because the driver's own BEGIN waits as long as the connection string says.
    public override string Begin => "BEGIN IMMEDIATE";

    public override string Commit => "COMMIT";

    public override string Rollback => "ROLLBACK";

    public override string FindToken { get; } = $"""
        SELECT {TokenRow.Columns}
        FROM {tables.Token}
        WHERE id = @id
        """;

    public override string ListSubject { get; } = $"""
        SELECT {TokenRow.Columns}
        FROM {tables.Token} INDEXED BY {tables.Index("token_subject_unrevoked")}
        WHERE realm = @realm AND subject = @subject AND revoked_at IS NULL AND (created_at, id) < (@created_at, @id)
          AND (@kind IS NULL OR kind = @kind)
        ORDER BY created_at DESC, id DESC
        LIMIT @limit
        """;

    public override string ListSubjectWithRevoked { get; } = $"""
        SELECT {TokenRow.Columns}
        FROM {tables.Token} INDEXED BY {tables.Index("token_subject")}
        WHERE realm = @realm AND subject = @subject AND (created_at, id) < (@created_at, @id)
          AND (@kind IS NULL OR kind = @kind)
        ORDER BY created_at DESC, id DESC
        LIMIT @limit
        """;

    public override string ListRealm { get; } = $"""
        SELECT {TokenRow.Columns}
        FROM {tables.Token} INDEXED BY {tables.Index("token_realm_unrevoked")}
        WHERE realm = @realm AND revoked_at IS NULL AND (created_at, id) < (@created_at, @id)
          AND (@kind IS NULL OR kind = @kind)
        ORDER BY created_at DESC, id DESC
        LIMIT @limit
        """;

    public override string ListRealmWithRevoked { get; } = $"""
        SELECT {TokenRow.Columns}
        FROM {tables.Token} INDEXED BY {tables.Index("token_realm")}
        WHERE realm = @realm AND (created_at, id) < (@created_at, @id)
          AND (@kind IS NULL OR kind = @kind)
        ORDER BY created_at DESC, id DESC
        LIMIT @limit
        """;

    public override string ListInserted { get; } = $"""
        SELECT {TokenRow.Columns}
        FROM {tables.Token} INDEXED BY {tables.Index("token_inserted")}
        WHERE realm = @realm AND subject = @subject AND sequence > @sequence
          AND (@include_revoked = 1 OR revoked_at IS NULL)
          AND (@kind IS NULL OR kind = @kind)
        ORDER BY sequence
        LIMIT @limit
        """;

    public override string RememberChange { get; } = $"""
        INSERT INTO {tables.Change} (change_id, at)
        VALUES (@change_id, @now)
        ON CONFLICT (change_id) DO NOTHING
        """;

    // The write lock of the whole database is held already, so the row need not be written again to lock it.
    public override string LockSubject { get; } = $"""
        INSERT INTO {tables.Guard} (realm, subject)
        VALUES (@realm, @subject)
        ON CONFLICT (realm, subject) DO NOTHING
        """;

    public override string CountLiving { get; } = $"""
        SELECT count(*)
        FROM (
            SELECT id
            FROM {tables.Token} INDEXED BY {tables.Index("token_subject_unrevoked")}
            WHERE realm = @realm AND subject = @subject AND revoked_at IS NULL
              AND kind = @kind AND (expires_at IS NULL OR expires_at > @now)
            ORDER BY created_at DESC, id DESC
            LIMIT @limit)
        """;

    public override string InsertToken { get; } = $"""
        INSERT INTO {tables.Token} (
            id, realm, kind, subject, name, name_key, scopes, hint, hash, tag, key_id, verifier, recoverable_copy,
            created_at, updated_at, expires_at, last_used_at, revoked_at, suspended_at,
            version, issued_by, actor, predecessor_id, successor_id, wire_data)
        VALUES (
            @id, @realm, @kind, @subject, @name, @name_key, @scopes, @hint, @hash, @tag, @key_id, @verifier, @recoverable_copy,
            @created_at, @updated_at, @expires_at, @last_used_at, @revoked_at, @suspended_at,
            @version, @issued_by, @actor, @predecessor_id, @successor_id, @wire_data)
        """;

    public override string UpdateToken { get; } = $"""
        UPDATE {tables.Token}
        SET name = @name, name_key = @name_key, scopes = @scopes, expires_at = @expires_at, suspended_at = @suspended_at,
            wire_data = @wire_data, updated_at = @now, version = version + 1
        WHERE id = @id AND version = @version AND revoked_at IS NULL
        """;

    public override string RehashToken { get; } = $"""
        UPDATE {tables.Token}
        SET hash = @hash, tag = @tag, key_id = @key_id, verifier = @verifier
        WHERE id = @id AND hash = @expected_hash AND revoked_at IS NULL
        """;

    public override string UpdateTokenAndSecret { get; } = $"""
        UPDATE {tables.Token}
        SET name = @name, name_key = @name_key, scopes = @scopes, expires_at = @expires_at, suspended_at = @suspended_at,
            wire_data = @wire_data, updated_at = @now, version = version + 1,
            hint = @hint, hash = @hash, tag = @tag, key_id = @key_id, verifier = @verifier, recoverable_copy = @recoverable_copy
        WHERE id = @id AND version = @version AND revoked_at IS NULL
        """;

    public override string RevokeToken { get; } = $"""
        UPDATE {tables.Token}
        SET revoked_at = @now, updated_at = @now, version = version + 1, name_key = NULL, recoverable_copy = NULL
        WHERE id = @id AND revoked_at IS NULL
        """;

    public override string DeleteToken { get; } = $"""
        DELETE FROM {tables.Token}
        WHERE id = @id
        """;

    public override string RevokeSubject { get; } = $"""
        UPDATE {tables.Token}
        SET revoked_at = @now, updated_at = @now, version = version + 1, name_key = NULL, recoverable_copy = NULL
        WHERE sequence IN (
            SELECT sequence
            FROM {tables.Token} INDEXED BY {tables.Index("token_subject_unrevoked")}
            WHERE realm = @realm AND subject = @subject AND revoked_at IS NULL
              AND id NOT IN (SELECT unhex(value) FROM json_each(@spared))
            LIMIT @limit)
        """;

    public override string RevokeRealm { get; } = $"""
        UPDATE {tables.Token}
        SET revoked_at = @now, updated_at = @now, version = version + 1, name_key = NULL, recoverable_copy = NULL
        WHERE sequence IN (
            SELECT sequence
            FROM {tables.Token} INDEXED BY {tables.Index("token_realm_unrevoked")}
            WHERE realm = @realm AND revoked_at IS NULL
              AND id NOT IN (SELECT unhex(value) FROM json_each(@spared))
            LIMIT @limit)
        """;

    public override string TouchTokens { get; } = $"""
        UPDATE {tables.Token} AS token
        SET last_used_at = used.at
        FROM (SELECT unhex(value ->> 'id') AS id, value ->> 'at' AS at FROM json_each(@uses)) AS used
        WHERE token.id = used.id AND (token.last_used_at IS NULL OR token.last_used_at < used.at)
        """;

    public override string PurgeRevoked { get; } = $"""
        DELETE FROM {tables.Token}
        WHERE sequence IN (SELECT sequence FROM {tables.Token} WHERE revoked_at < @before LIMIT @limit)
        """;

    public override string PurgeExpired { get; } = $"""
        DELETE FROM {tables.Token}
        WHERE sequence IN (SELECT sequence FROM {tables.Token} WHERE expires_at < @before LIMIT @limit)
        """;

    public override string ForgetChanges { get; } = $"""
        DELETE FROM {tables.Change}
        WHERE change_id IN (SELECT change_id FROM {tables.Change} WHERE at < @before LIMIT @limit)
        """;

    public override string CountSchemaTables { get; } = $"""
        SELECT count(*)
        FROM sqlite_schema
        WHERE type = 'table' AND name = '{tables.Prefix}schema'
        """;

    public override string ReadSchemaVersion { get; } = $"""
        SELECT version
        FROM {tables.Schema}
        WHERE id = 1
        """;

    public override string CreateSchemaTable { get; } = $"""
        -- One row: the version of this schema. The library refuses to run on a version that it does not know.
        CREATE TABLE IF NOT EXISTS {tables.Schema} (
            id      INTEGER PRIMARY KEY CHECK (id = 1),
            version INTEGER NOT NULL
        ) STRICT;

        INSERT INTO {tables.Schema} (id, version) VALUES (1, 0) ON CONFLICT (id) DO NOTHING;
        """;

    // BEGIN IMMEDIATE has locked the whole database already.
    public override string LockSchemaVersion => ReadSchemaVersion;

    public override (string Head, string Foot) ScriptFrame => (
        """
        -- Write-ahead log: readers never wait for a writer. The file keeps this setting.
        PRAGMA journal_mode = WAL;

        BEGIN IMMEDIATE;
        """,
        "COMMIT;");

    // The mode is kept in the file and cannot be changed inside a transaction. SQLite answers with the mode that it ended up in.
    public override async Task PrepareDatabaseAsync(SqlSession session)
    {
        object? mode = await session.ReadValueAsync("PRAGMA journal_mode = WAL", new SqlParameters()).ConfigureAwait(false);
        if (mode is not "wal")
        {
            throw new TokenStoreException(
                $"SQLite could not switch the database to write-ahead logging: its journal mode stays '{mode}'. Use a database file on a local disk.");
        }
    }

    public override bool IsUniqueViolation(DbException exception) => SqliteErrors.IsUniqueViolation(exception);

    // Locks were waited for already, and a file does not come back by itself.
    public override bool IsTransient(Exception exception) => false;

    public override string Explain(Exception exception) => SqliteErrors.Explain(exception);
}
