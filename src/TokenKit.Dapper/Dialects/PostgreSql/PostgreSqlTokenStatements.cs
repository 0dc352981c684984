using TokenKit.Dapper.Execution;

namespace TokenKit.Dapper.Dialects.PostgreSql;

/// <summary>What PostgreSQL is asked about tokens.</summary>
/// <remarks>
/// Each statement of a transaction sees what was committed before that statement (READ COMMITTED), and one that waited for a row looks at
/// it again. Statements that lock several tokens lock them in ascending order of their ids, so that they cannot deadlock. A purge waits for none:
/// it passes over what is locked. Rows are chosen in an array of its own, which is made once, however the planner arranges the rest.
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

    // The index gives rows in the order of their numbers, and only rows of one number need sorting by their ids. The bound keeps the planner from
    // sorting all rows behind the place instead of a page of them.
    public override string ListInserted { get; } = $"""
        SELECT {TokenRow.Columns}
        FROM {tables.Token}
        WHERE realm = @realm AND subject = @subject AND (sequence, id) > (@sequence, @id)
          AND sequence <= (
            SELECT max(sequence)
            FROM (
                SELECT sequence
                FROM {tables.Token}
                WHERE realm = @realm AND subject = @subject AND (sequence, id) > (@sequence, @id)
                  AND (@include_revoked = 1 OR revoked_at IS NULL)
                  AND (@kind IS NULL OR kind = @kind)
                ORDER BY sequence
                LIMIT @limit) AS page)
          AND (@include_revoked = 1 OR revoked_at IS NULL)
          AND (@kind IS NULL OR kind = @kind)
        ORDER BY sequence, id
        LIMIT @limit
        """;

    public override string CountSubject { get; } = $"""
        SELECT count(*)
        FROM {tables.Token}
        WHERE realm = @realm AND subject = @subject AND revoked_at IS NULL
        """;

    public override string CountRealm { get; } = $"""
        SELECT count(*)
        FROM {tables.Token}
        WHERE realm = @realm AND revoked_at IS NULL
        """;

    // A row that is there is locked, and not written, because the condition does not hold. All of it is one statement, so that a row which is
    // removed meanwhile is inserted anew.
    public override string LockGuard { get; } = $"""
        INSERT INTO {tables.Guard} AS guard (realm, subject)
        VALUES (@realm, @subject)
        ON CONFLICT (realm, subject) DO UPDATE SET subject = excluded.subject WHERE guard.realm IS NULL
        RETURNING realm
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

    public override string LockTokens { get; } = $"""
        SELECT {TokenRow.Columns}
        FROM {tables.Token}
        WHERE id IN (@first, @second)
        ORDER BY id
        FOR NO KEY UPDATE
        """;

    public override string LockSubject { get; } = $"""
        SELECT {TokenRow.Columns}
        FROM {tables.Token}
        WHERE id = ANY (ARRAY(
            SELECT id
            FROM {tables.Token}
            WHERE realm = @realm AND subject = @subject AND revoked_at IS NULL AND created_at >= @created_from
            ORDER BY created_at, id
            LIMIT @most) || CAST(@first AS bytea) || CAST(@second AS bytea))
          AND (revoked_at IS NULL OR id IN (@first, @second))
        ORDER BY id
        FOR NO KEY UPDATE
        """;

    public override string LockRealm { get; } = $"""
        SELECT {TokenRow.Columns}
        FROM {tables.Token}
        WHERE id = ANY (ARRAY(
            SELECT id
            FROM {tables.Token}
            WHERE realm = @realm AND revoked_at IS NULL AND created_at >= @created_from
            ORDER BY created_at, id
            LIMIT @most) || CAST(@first AS bytea) || CAST(@second AS bytea))
          AND (revoked_at IS NULL OR id IN (@first, @second))
        ORDER BY id
        FOR NO KEY UPDATE
        """;

    public override string RevokeTokens { get; } = $"""
        UPDATE {tables.Token}
        SET revoked_at = @now, updated_at = @now, version = version + 1, name_key = NULL, recoverable_copy = NULL
        WHERE id = ANY (ARRAY(SELECT decode(revoked.id, 'hex') FROM jsonb_array_elements_text(CAST(@ids AS jsonb)) AS revoked(id)))
        """;

    public override string TouchTokens { get; } = $"""
        WITH used AS MATERIALIZED (
            SELECT decode(use.id, 'hex') AS id, use.at
            FROM jsonb_to_recordset(CAST(@uses AS jsonb)) AS use(id text, at bigint)),
        locked AS MATERIALIZED (
            SELECT id
            FROM {tables.Token}
            WHERE id = ANY (ARRAY(SELECT id FROM used))
            ORDER BY id
            FOR NO KEY UPDATE)
        UPDATE {tables.Token} AS token
        SET last_used_at = used.at
        FROM used
        WHERE token.id = used.id AND token.id = ANY (ARRAY(SELECT id FROM locked)) AND (token.last_used_at IS NULL OR token.last_used_at < used.at)
        """;

    public override string EraseCopies { get; } = $"""
        WITH locked AS MATERIALIZED (
            SELECT id
            FROM {tables.Token}
            WHERE id = ANY (ARRAY(SELECT decode(erased.id, 'hex') FROM jsonb_array_elements_text(CAST(@ids AS jsonb)) AS erased(id)))
            ORDER BY id
            FOR NO KEY UPDATE)
        UPDATE {tables.Token} AS token
        SET recoverable_copy = NULL
        WHERE token.id = ANY (ARRAY(SELECT id FROM locked)) AND token.recoverable_copy IS NOT NULL
        """;

    public override string PurgeRevoked { get; } = $"""
        DELETE FROM {tables.Token}
        WHERE id = ANY (ARRAY(
            SELECT id
            FROM {tables.Token}
            WHERE revoked_at < @before
            ORDER BY revoked_at
            LIMIT @limit
            FOR UPDATE SKIP LOCKED))
        """;

    public override string PurgeExpired { get; } = $"""
        DELETE FROM {tables.Token}
        WHERE id = ANY (ARRAY(
            SELECT id
            FROM {tables.Token}
            WHERE expires_at < @before
            ORDER BY expires_at
            LIMIT @limit
            FOR UPDATE SKIP LOCKED))
        """;

    public override string ForgetChanges { get; } = $"""
        DELETE FROM {tables.Change}
        WHERE change_id = ANY (ARRAY(
            SELECT change_id
            FROM {tables.Change}
            WHERE at < @before
            ORDER BY at
            LIMIT @limit
            FOR UPDATE SKIP LOCKED))
        """;

    // It looks at each guard, and finds a token of its subject by an index. NOT EXISTS might read all tokens to compare them with all guards.
    public override string ForgetGuards { get; } = $"""
        WITH chosen AS MATERIALIZED (
            SELECT realm, subject
            FROM {tables.Guard} AS kept
            WHERE (SELECT id FROM {tables.Token} WHERE realm = kept.realm AND subject = kept.subject LIMIT 1) IS NULL
            LIMIT @most
            FOR UPDATE SKIP LOCKED)
        DELETE FROM {tables.Guard} AS guard
        USING chosen
        WHERE guard.realm = chosen.realm AND guard.subject = chosen.subject
        """;
}
