using TokenKit.Dapper.Execution;

namespace TokenKit.Dapper.Dialects.Sqlite;

/// <summary>What SQLite is asked about tokens.</summary>
/// <remarks>
/// Where several indexes fit a statement, it names the one that it needs: SQLite chooses by statistics that a host may or may not have
/// gathered, and a choice that suits most subjects would pass over all the revoked tokens of a large one.
/// </remarks>
internal sealed class SqliteTokenStatements(TableNames tables) : TokenStatements(tables)
{
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

    // The sequence is the primary key, so no two rows of one number have to be put in order.
    public override string ListInserted { get; } = $"""
        SELECT {TokenRow.Columns}
        FROM {tables.Token} INDEXED BY {tables.Index("token_inserted")}
        WHERE realm = @realm AND subject = @subject AND sequence >= @sequence AND (sequence, id) > (@sequence, @id)
          AND (@include_revoked = 1 OR revoked_at IS NULL)
          AND (@kind IS NULL OR kind = @kind)
        ORDER BY sequence
        LIMIT @limit
        """;

    public override string CountSubject { get; } = $"""
        SELECT count(*)
        FROM {tables.Token} INDEXED BY {tables.Index("token_subject_unrevoked")}
        WHERE realm = @realm AND subject = @subject AND revoked_at IS NULL
        """;

    public override string CountRealm { get; } = $"""
        SELECT count(*)
        FROM {tables.Token} INDEXED BY {tables.Index("token_realm_unrevoked")}
        WHERE realm = @realm AND revoked_at IS NULL
        """;

    // The write lock of the whole database is held already, here and in the statements that lock tokens.
    public override string LockGuard => "SELECT 1";

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

    public override string LockTokens { get; } = $"""
        SELECT {TokenRow.Columns}
        FROM {tables.Token}
        WHERE id IN (@first, @second)
        """;

    public override string LockSubject { get; } = $"""
        SELECT {TokenRow.Columns}
        FROM {tables.Token}
        WHERE sequence IN (
            SELECT sequence
            FROM (
                SELECT sequence
                FROM {tables.Token} INDEXED BY {tables.Index("token_subject_unrevoked")}
                WHERE realm = @realm AND subject = @subject AND revoked_at IS NULL AND created_at >= @created_from
                ORDER BY created_at, id
                LIMIT @most)
            UNION ALL
            SELECT sequence FROM {tables.Token} WHERE id IN (@first, @second))
        """;

    public override string LockRealm { get; } = $"""
        SELECT {TokenRow.Columns}
        FROM {tables.Token}
        WHERE sequence IN (
            SELECT sequence
            FROM (
                SELECT sequence
                FROM {tables.Token} INDEXED BY {tables.Index("token_realm_unrevoked")}
                WHERE realm = @realm AND revoked_at IS NULL AND created_at >= @created_from
                ORDER BY created_at, id
                LIMIT @most)
            UNION ALL
            SELECT sequence FROM {tables.Token} WHERE id IN (@first, @second))
        """;

    public override string RevokeTokens { get; } = $"""
        UPDATE {tables.Token}
        SET revoked_at = @now, updated_at = @now, version = version + 1, name_key = NULL, recoverable_copy = NULL
        WHERE id IN (SELECT unhex(value) FROM json_each(@ids))
        """;

    public override string TouchTokens { get; } = $"""
        UPDATE {tables.Token} AS token
        SET last_used_at = used.at
        FROM (SELECT unhex(value ->> 'id') AS id, value ->> 'at' AS at FROM json_each(@uses)) AS used
        WHERE token.id = used.id AND (token.last_used_at IS NULL OR token.last_used_at < used.at)
        """;

    public override string EraseCopies { get; } = $"""
        UPDATE {tables.Token}
        SET recoverable_copy = NULL
        WHERE recoverable_copy IS NOT NULL AND id IN (SELECT unhex(value) FROM json_each(@ids))
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

    // Those of an earlier version of the library: LockGuard makes none.
    public override string ForgetGuards { get; } = $"""
        DELETE FROM {tables.Guard}
        WHERE (realm, subject) IN (
            SELECT realm, subject
            FROM {tables.Guard} AS kept
            WHERE NOT EXISTS (SELECT 1 FROM {tables.Token} WHERE realm = kept.realm AND subject = kept.subject)
            LIMIT @most)
        """;
}
