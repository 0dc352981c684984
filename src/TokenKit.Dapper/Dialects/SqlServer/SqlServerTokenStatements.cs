using TokenKit.Dapper.Execution;

namespace TokenKit.Dapper.Dialects.SqlServer;

/// <summary>What SQL Server is asked about tokens.</summary>
/// <remarks>
/// Nothing rests on lock hints: a unique index or the condition of an update decides. Equality passes over trailing spaces, also under a
/// binary collation, so text is compared by its length too. The steps of a batch choose rows first and look at them again when they write;
/// what another batch has taken meanwhile is replaced by choosing again, so that fewer rows than wanted mean that none remained. Only the
/// rows that are written count as rows of the statement.
/// </remarks>
internal sealed class SqlServerTokenStatements(TableNames tables) : TokenStatements(tables)
{
    public override string ListSubject { get; } = $"""
        SELECT TOP (@limit) {TokenRow.Columns}
        FROM {tables.Token}
        WHERE realm = @realm AND DATALENGTH(realm) = DATALENGTH(@realm)
          AND subject = @subject AND DATALENGTH(subject) = DATALENGTH(@subject)
          AND revoked_at IS NULL
          AND created_at <= @created_at AND (created_at < @created_at OR id < @id)
          AND (@kind IS NULL OR (kind = @kind AND DATALENGTH(kind) = DATALENGTH(@kind)))
        ORDER BY created_at DESC, id DESC;
        """;

    public override string ListSubjectWithRevoked { get; } = $"""
        SELECT TOP (@limit) {TokenRow.Columns}
        FROM {tables.Token}
        WHERE realm = @realm AND DATALENGTH(realm) = DATALENGTH(@realm)
          AND subject = @subject AND DATALENGTH(subject) = DATALENGTH(@subject)
          AND created_at <= @created_at AND (created_at < @created_at OR id < @id)
          AND (@kind IS NULL OR (kind = @kind AND DATALENGTH(kind) = DATALENGTH(@kind)))
        ORDER BY created_at DESC, id DESC;
        """;

    public override string ListRealm { get; } = $"""
        SELECT TOP (@limit) {TokenRow.Columns}
        FROM {tables.Token}
        WHERE realm = @realm AND DATALENGTH(realm) = DATALENGTH(@realm)
          AND revoked_at IS NULL
          AND created_at <= @created_at AND (created_at < @created_at OR id < @id)
          AND (@kind IS NULL OR (kind = @kind AND DATALENGTH(kind) = DATALENGTH(@kind)))
        ORDER BY created_at DESC, id DESC;
        """;

    public override string ListRealmWithRevoked { get; } = $"""
        SELECT TOP (@limit) {TokenRow.Columns}
        FROM {tables.Token}
        WHERE realm = @realm AND DATALENGTH(realm) = DATALENGTH(@realm)
          AND created_at <= @created_at AND (created_at < @created_at OR id < @id)
          AND (@kind IS NULL OR (kind = @kind AND DATALENGTH(kind) = DATALENGTH(@kind)))
        ORDER BY created_at DESC, id DESC;
        """;

    public override string ListInserted { get; } = $"""
        SELECT TOP (@limit) {TokenRow.Columns}
        FROM {tables.Token}
        WHERE realm = @realm AND DATALENGTH(realm) = DATALENGTH(@realm)
          AND subject = @subject AND DATALENGTH(subject) = DATALENGTH(@subject)
          AND sequence >= @sequence AND (sequence > @sequence OR id > @id)
          AND (@include_revoked = 1 OR revoked_at IS NULL)
          AND (@kind IS NULL OR (kind = @kind AND DATALENGTH(kind) = DATALENGTH(@kind)))
        ORDER BY sequence, id;
        """;

    public override string CountSubject { get; } = $"""
        SELECT COUNT_BIG(*)
        FROM {tables.Token}
        WHERE realm = @realm AND DATALENGTH(realm) = DATALENGTH(@realm)
          AND subject = @subject AND DATALENGTH(subject) = DATALENGTH(@subject)
          AND revoked_at IS NULL;
        """;

    public override string CountRealm { get; } = $"""
        SELECT COUNT_BIG(*)
        FROM {tables.Token}
        WHERE realm = @realm AND DATALENGTH(realm) = DATALENGTH(@realm)
          AND revoked_at IS NULL;
        """;

    // Should another transaction be committing the same change, the primary key refuses this one; done again, it finds the change.
    public override string RememberChange { get; } = $"""
        INSERT INTO {tables.Change} (change_id, at)
        SELECT @change_id, @now
        WHERE NOT EXISTS (SELECT 1 FROM {tables.Change} WHERE change_id = @change_id);

        SELECT 1 AS is_new WHERE @@ROWCOUNT = 1;
        """;

    // A write locks the row on every product. Subjects that differ in trailing spaces only share a row, which costs no more than waiting. A row
    // that a purge removes between the two statements is inserted anew.
    public override string LockGuard { get; } = $"""
        DECLARE @locked bigint = 0;
        WHILE @locked = 0
        BEGIN
            INSERT INTO {tables.Guard} (realm, subject, turn)
            SELECT @realm, @subject, 0
            WHERE NOT EXISTS (SELECT 1 FROM {tables.Guard} WHERE realm = @realm AND subject = @subject);

            UPDATE {tables.Guard}
            SET turn = turn + 1
            WHERE realm = @realm AND subject = @subject;
            SET @locked = @@ROWCOUNT;
        END;

        SELECT 1 AS is_locked;
        """;

    public override string CountLiving { get; } = $"""
        SELECT COUNT_BIG(*)
        FROM (
            SELECT TOP (@limit) id
            FROM {tables.Token}
            WHERE realm = @realm AND DATALENGTH(realm) = DATALENGTH(@realm)
              AND subject = @subject AND DATALENGTH(subject) = DATALENGTH(@subject)
              AND revoked_at IS NULL
              AND kind = @kind AND DATALENGTH(kind) = DATALENGTH(@kind)
              AND (expires_at IS NULL OR expires_at > @now)
            ORDER BY created_at DESC, id DESC) AS living;
        """;

    // One row a statement, so that the order in which they are locked is that of the statements. A write locks on every product.
    public override string LockTokens { get; } = $"""
        UPDATE {tables.Token} SET version = version WHERE id = @first;
        UPDATE {tables.Token} SET version = version WHERE id = @second AND @second <> @first;

        SELECT {TokenRow.Columns}
        FROM {tables.Token}
        WHERE id IN (@first, @second);
        """;

    public override string LockSubject { get; } = $"""
        DECLARE @chosen TABLE (chosen_id binary(16) NOT NULL PRIMARY KEY);
        DECLARE @next binary(16);
        INSERT INTO @chosen (chosen_id)
        SELECT TOP (@most) id
        FROM {tables.Token}
        WHERE realm = @realm AND DATALENGTH(realm) = DATALENGTH(@realm)
          AND subject = @subject AND DATALENGTH(subject) = DATALENGTH(@subject)
          AND revoked_at IS NULL AND created_at >= @created_from
        ORDER BY created_at, id;

        INSERT INTO @chosen (chosen_id)
        SELECT id
        FROM {tables.Token}
        WHERE id IN (@first, @second) AND NOT EXISTS (SELECT 1 FROM @chosen WHERE chosen_id = id);

        SET @next = (SELECT TOP (1) chosen_id FROM @chosen ORDER BY chosen_id);
        WHILE @next IS NOT NULL
        BEGIN
            UPDATE {tables.Token} SET version = version WHERE id = @next;
            SET @next = (SELECT TOP (1) chosen_id FROM @chosen WHERE chosen_id > @next ORDER BY chosen_id);
        END;

        SELECT {TokenRow.Columns}
        FROM {tables.Token} AS token
        INNER JOIN @chosen ON token.id = chosen_id
        WHERE revoked_at IS NULL OR id IN (@first, @second);
        """;

    public override string LockRealm { get; } = $"""
        DECLARE @chosen TABLE (chosen_id binary(16) NOT NULL PRIMARY KEY);
        DECLARE @next binary(16);
        INSERT INTO @chosen (chosen_id)
        SELECT TOP (@most) id
        FROM {tables.Token}
        WHERE realm = @realm AND DATALENGTH(realm) = DATALENGTH(@realm)
          AND revoked_at IS NULL AND created_at >= @created_from
        ORDER BY created_at, id;

        INSERT INTO @chosen (chosen_id)
        SELECT id
        FROM {tables.Token}
        WHERE id IN (@first, @second) AND NOT EXISTS (SELECT 1 FROM @chosen WHERE chosen_id = id);

        SET @next = (SELECT TOP (1) chosen_id FROM @chosen ORDER BY chosen_id);
        WHILE @next IS NOT NULL
        BEGIN
            UPDATE {tables.Token} SET version = version WHERE id = @next;
            SET @next = (SELECT TOP (1) chosen_id FROM @chosen WHERE chosen_id > @next ORDER BY chosen_id);
        END;

        SELECT {TokenRow.Columns}
        FROM {tables.Token} AS token
        INNER JOIN @chosen ON token.id = chosen_id
        WHERE revoked_at IS NULL OR id IN (@first, @second);
        """;

    public override string InsertToken { get; } = $"""
        INSERT INTO {tables.Token} (
            id, realm, kind, subject, name, name_key, scopes, hint, hash, tag, key_id, verifier, recoverable_copy,
            created_at, updated_at, expires_at, last_used_at, revoked_at, suspended_at,
            version, issued_by, actor, predecessor_id, successor_id, wire_data)
        SELECT
            @id, @realm, @kind, @subject, @name, @name_key, @scopes, @hint, @hash, @tag, @key_id, @verifier, @recoverable_copy,
            @created_at, @updated_at, @expires_at, @last_used_at, @revoked_at, @suspended_at,
            @version, @issued_by, @actor, @predecessor_id, @successor_id, @wire_data
        WHERE DATALENGTH(@realm) > 0;

        SELECT sequence FROM {tables.Token} WHERE id = @id;
        """;

    public override string RevokeTokens { get; } = $"""
        UPDATE token
        SET revoked_at = @now, updated_at = @now, version = version + 1, name_key = NULL, recoverable_copy = NULL
        FROM {tables.Token} AS token
        INNER JOIN OPENJSON(@ids) AS revoked
            ON token.id = CONVERT(binary(16), CAST(revoked.value AS varchar(32)), 2);
        """;

    public override string TouchTokens { get; } = $"""
        UPDATE token
        SET last_used_at = used.at
        FROM {tables.Token} AS token
        INNER JOIN OPENJSON(@uses) WITH (id nvarchar(32) '$.id', at bigint '$.at') AS used
            ON token.id = CONVERT(binary(16), CAST(used.id AS varchar(32)), 2)
        WHERE token.last_used_at IS NULL OR token.last_used_at < used.at;
        """;

    public override string EraseCopies { get; } = $"""
        SET NOCOUNT OFF;
        UPDATE {tables.Token}
        SET recoverable_copy = NULL
        WHERE recoverable_copy IS NOT NULL AND id IN (SELECT CONVERT(binary(16), CAST(value AS varchar(32)), 2) FROM OPENJSON(@ids));
        """;

    public override string PurgeRevoked { get; } = $"""
        DECLARE @chosen TABLE (chosen_id binary(16) NOT NULL PRIMARY KEY);
        DECLARE @found bigint = 1, @written bigint = 0;
        WHILE @found > 0 AND @written < @limit
        BEGIN
            SET NOCOUNT ON;
            DELETE FROM @chosen;
            INSERT INTO @chosen (chosen_id)
            SELECT TOP (@limit - @written) id
            FROM {tables.Token}
            WHERE revoked_at < @before
            ORDER BY revoked_at;
            SET @found = @@ROWCOUNT;

            SET NOCOUNT OFF;
            DELETE token
            FROM {tables.Token} AS token
            INNER JOIN @chosen ON token.id = chosen_id
            WHERE revoked_at < @before;
            SET @written = @written + @@ROWCOUNT;
        END;
        """;

    public override string PurgeExpired { get; } = $"""
        DECLARE @chosen TABLE (chosen_id binary(16) NOT NULL PRIMARY KEY);
        DECLARE @found bigint = 1, @written bigint = 0;
        WHILE @found > 0 AND @written < @limit
        BEGIN
            SET NOCOUNT ON;
            DELETE FROM @chosen;
            INSERT INTO @chosen (chosen_id)
            SELECT TOP (@limit - @written) id
            FROM {tables.Token}
            WHERE expires_at < @before
            ORDER BY expires_at;
            SET @found = @@ROWCOUNT;

            SET NOCOUNT OFF;
            DELETE token
            FROM {tables.Token} AS token
            INNER JOIN @chosen ON token.id = chosen_id
            WHERE expires_at < @before;
            SET @written = @written + @@ROWCOUNT;
        END;
        """;

    // What another purge has taken is left out of the count, and so perhaps the rest to the next purge: nobody waits for it.
    public override string ForgetChanges { get; } = $"""
        DELETE change
        FROM {tables.Change} AS change
        INNER JOIN (SELECT TOP (@limit) change_id FROM {tables.Change} WHERE at < @before ORDER BY at) AS chosen
            ON change.change_id = chosen.change_id;
        """;

    // It waits for a guard that is held, and holds those that it has removed meanwhile. Whoever waits for one of them holds no token yet.
    public override string ForgetGuards { get; } = $"""
        DELETE guard
        FROM {tables.Guard} AS guard
        INNER JOIN (
            SELECT TOP (@most) kept.realm, kept.subject
            FROM {tables.Guard} AS kept
            WHERE NOT EXISTS (SELECT 1 FROM {tables.Token} AS token WHERE token.realm = kept.realm AND token.subject = kept.subject)) AS chosen
            ON guard.realm = chosen.realm AND guard.subject = chosen.subject;
        """;
}
