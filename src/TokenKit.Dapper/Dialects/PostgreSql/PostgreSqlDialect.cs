using System.Data.Common;
using TokenKit.Dapper.Execution;

namespace TokenKit.Dapper.Dialects.PostgreSql;

/// <summary>PostgreSQL 12 or newer, with what its kin also have: plain tables, partial indexes and FOR UPDATE; no extension, no advisory lock.</summary>
/// <remarks>
/// Each statement of a transaction sees what was committed before that statement (READ COMMITTED), and one that waited for a row looks at
/// it again. The rows of a batch are chosen under a lock in an array of its own: it is made once, however the planner arranges the rest,
/// and rows that another batch has taken meanwhile are replaced by the next ones.
/// </remarks>
internal sealed class PostgreSqlDialect(TableNames tables) : SqlDialect
{
    public override string Name => "PostgreSql";

    public override TableNames Tables => tables;

    public override bool IsEmbedded => false;

    public override int CommandTimeout => 10;

    // Whatever a host set on a pooled connection, drivers reset it; a statement more would be a round trip more for each token verified.
    public override string? PrepareConnection => null;

    // Said each time, because a database or a role may have other defaults.
    public override string Begin => "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";

    public override string Commit => "COMMIT";

    public override string Rollback => "ROLLBACK";

    public override string FindToken { get; } = $"""
        SELECT {TokenRow.Columns}
        FROM {tables.Token}
        WHERE id = $1
        """;

    public override string FindTokenParameter => "";

    public override string ListSubject { get; } = $"""
        SELECT {TokenRow.Columns}
        FROM {tables.Token}
        WHERE realm = @realm AND subject = @subject AND revoked_at IS NULL AND (created_at, id) < (@created_at, @id)
          AND (@kind IS NULL OR kind = @kind)
        ORDER BY created_at DESC, id DESC
        LIMIT @limit
        """;

    public override string ListSubjectWithRevoked { get; } = $"""
        SELECT {TokenRow.Columns}
        FROM {tables.Token}
        WHERE realm = @realm AND subject = @subject AND (created_at, id) < (@created_at, @id)
          AND (@kind IS NULL OR kind = @kind)
        ORDER BY created_at DESC, id DESC
        LIMIT @limit
        """;

    public override string ListRealm { get; } = $"""
        SELECT {TokenRow.Columns}
        FROM {tables.Token}
        WHERE realm = @realm AND revoked_at IS NULL AND (created_at, id) < (@created_at, @id)
          AND (@kind IS NULL OR kind = @kind)
        ORDER BY created_at DESC, id DESC
        LIMIT @limit
        """;

    public override string ListRealmWithRevoked { get; } = $"""
        SELECT {TokenRow.Columns}
        FROM {tables.Token}
        WHERE realm = @realm AND (created_at, id) < (@created_at, @id)
          AND (@kind IS NULL OR kind = @kind)
        ORDER BY created_at DESC, id DESC
        LIMIT @limit
        """;

    public override string ListInserted { get; } = $"""
        SELECT {TokenRow.Columns}
        FROM {tables.Token}
        WHERE realm = @realm AND subject = @subject AND sequence > @sequence
          AND (@include_revoked = 1 OR revoked_at IS NULL)
          AND (@kind IS NULL OR kind = @kind)
        ORDER BY sequence
        LIMIT @limit
        """;

    // Waits while another transaction is committing the same change, and then writes nothing.
    public override string RememberChange { get; } = $"""
        INSERT INTO {tables.Change} (change_id, at)
        VALUES (@change_id, @now)
        ON CONFLICT (change_id) DO NOTHING
        """;

    // Two statements: the second sees and locks a row that another transaction committed while the first waited for it.
    public override string LockSubject { get; } = $"""
        INSERT INTO {tables.Guard} (realm, subject)
        VALUES (@realm, @subject)
        ON CONFLICT (realm, subject) DO NOTHING;

        SELECT realm
        FROM {tables.Guard}
        WHERE realm = @realm AND subject = @subject
        FOR UPDATE
        """;

    public override string CountLiving { get; } = $"""
        SELECT count(*)
        FROM (
            SELECT id
            FROM {tables.Token}
            WHERE realm = @realm AND subject = @subject AND revoked_at IS NULL
              AND kind = @kind AND (expires_at IS NULL OR expires_at > @now)
            ORDER BY created_at DESC, id DESC
            LIMIT @limit) AS living
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
        WHERE id = ANY (ARRAY(
            SELECT id
            FROM {tables.Token}
            WHERE realm = @realm AND subject = @subject AND revoked_at IS NULL
              AND id <> ALL (ARRAY(SELECT decode(spared.id, 'hex') FROM jsonb_array_elements_text(CAST(@spared AS jsonb)) AS spared(id)))
            ORDER BY created_at, id
            LIMIT @limit
            FOR UPDATE))
        """;

    public override string RevokeRealm { get; } = $"""
        UPDATE {tables.Token}
        SET revoked_at = @now, updated_at = @now, version = version + 1, name_key = NULL, recoverable_copy = NULL
        WHERE id = ANY (ARRAY(
            SELECT id
            FROM {tables.Token}
            WHERE realm = @realm AND revoked_at IS NULL
              AND id <> ALL (ARRAY(SELECT decode(spared.id, 'hex') FROM jsonb_array_elements_text(CAST(@spared AS jsonb)) AS spared(id)))
            ORDER BY created_at, id
            LIMIT @limit
            FOR UPDATE))
        """;

    public override string TouchTokens { get; } = $"""
        UPDATE {tables.Token} AS token
        SET last_used_at = used.at
        FROM jsonb_to_recordset(CAST(@uses AS jsonb)) AS used(id text, at bigint)
        WHERE token.id = decode(used.id, 'hex') AND (token.last_used_at IS NULL OR token.last_used_at < used.at)
        """;

    public override string PurgeRevoked { get; } = $"""
        DELETE FROM {tables.Token}
        WHERE id = ANY (ARRAY(
            SELECT id
            FROM {tables.Token}
            WHERE revoked_at < @before
            ORDER BY revoked_at
            LIMIT @limit
            FOR UPDATE))
        """;

    public override string PurgeExpired { get; } = $"""
        DELETE FROM {tables.Token}
        WHERE id = ANY (ARRAY(
            SELECT id
            FROM {tables.Token}
            WHERE expires_at < @before
            ORDER BY expires_at
            LIMIT @limit
            FOR UPDATE))
        """;

    public override string ForgetChanges { get; } = $"""
        DELETE FROM {tables.Change}
        WHERE change_id = ANY (ARRAY(
            SELECT change_id
            FROM {tables.Change}
            WHERE at < @before
            ORDER BY at
            LIMIT @limit
            FOR UPDATE))
        """;

    // Finds the table where the statements would: in the schema that was named, or along the search path.
    public override string CountSchemaTables { get; } = $"""
        SELECT count(to_regclass('{tables.Schema}'))
        """;

    public override string ReadSchemaVersion { get; } = $"""
        SELECT version
        FROM {tables.Schema}
        WHERE id = 1
        """;

    // IF NOT EXISTS does not help two sessions that create it at once: see PostgreSqlErrors.IsTransient.
    public override string CreateSchemaTable { get; } = $"""
        -- One row: the version of this schema. The library refuses to run on a version that it does not know.
        CREATE TABLE IF NOT EXISTS {tables.Schema} (
            id      integer NOT NULL PRIMARY KEY CHECK (id = 1),
            version integer NOT NULL
        );

        INSERT INTO {tables.Schema} (id, version) VALUES (1, 0) ON CONFLICT (id) DO NOTHING;
        """;

    public override string LockSchemaVersion { get; } = $"""
        SELECT version
        FROM {tables.Schema}
        WHERE id = 1
        FOR UPDATE
        """;

    public override (string Head, string Foot) ScriptFrame => ("BEGIN;", "COMMIT;");

    public override bool IsUniqueViolation(DbException exception) => string.Equals(exception.SqlState, PostgreSqlErrors.UniqueViolation, StringComparison.Ordinal);

    public override bool IsTransient(Exception exception) => PostgreSqlErrors.IsTransient(exception);

    public override string Explain(Exception exception) => PostgreSqlErrors.Explain(exception);
}
