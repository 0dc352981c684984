using TokenKit.Dapper.Execution;

namespace TokenKit.Dapper.Dialects.PostgreSql;

/// <summary>What PostgreSQL is asked about tokens.</summary>
/// <remarks>
/// Each statement of a transaction sees what was committed before that statement (READ COMMITTED), and one that waited for a row looks at
/// it again. The rows of a batch are chosen under a lock in an array of its own: it is made once, however the planner arranges the rest,
/// and rows that another batch has taken meanwhile are replaced by the next ones.
/// </remarks>
internal sealed class PostgreSqlTokenStatements(TableNames tables) : TokenStatements(tables)
{
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
}
