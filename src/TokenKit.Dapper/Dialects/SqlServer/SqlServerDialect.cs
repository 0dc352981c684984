using System.Data.Common;
using TokenKit.Dapper.Execution;

namespace TokenKit.Dapper.Dialects.SqlServer;

/// <summary>SQL Server 2016 or newer and Azure SQL. It keeps to the T-SQL that Babelfish also speaks.</summary>
/// <remarks>
/// Nothing rests on lock hints: a unique index or the condition of an update decides. Equality passes over trailing spaces, also under a
/// binary collation, so text is compared by its length too. The steps of a batch choose rows first and look at them again when they write;
/// what another batch has taken meanwhile is replaced by choosing again, so that fewer rows than wanted mean that none remained. Only the
/// rows that are written count as rows of the statement.
/// </remarks>
internal sealed class SqlServerDialect(TableNames tables) : SqlDialect
{
    public override string Name => "SqlServer";

    public override TableNames Tables => tables;

    public override bool IsEmbedded => false;

    public override int CommandTimeout => 10;

    // Pools reset what a host set on a connection, but for the isolation level, which is said where rows must not be passed over; a statement
    // more here would be a round trip more for each token verified.
    public override string? PrepareConnection => null;

    // Said each time, because a server, a database or a login may have other defaults. Without the number of rows a change that was made
    // before and a new one look alike.
    public override string Begin => """
        SET NOCOUNT OFF;
        SET XACT_ABORT ON;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        BEGIN TRANSACTION;
        """;

    public override string Commit => "COMMIT TRANSACTION;";

    // An error has ended the transaction already (XACT_ABORT).
    public override string Rollback => "IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;";

    public override string FindToken { get; } = $"""
        SELECT {TokenRow.Columns}
        FROM {tables.Token}
        WHERE id = @id;
        """;

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
          AND sequence > @sequence
          AND (@include_revoked = 1 OR revoked_at IS NULL)
          AND (@kind IS NULL OR (kind = @kind AND DATALENGTH(kind) = DATALENGTH(@kind)))
        ORDER BY sequence;
        """;

    // Should another transaction be committing the same change, the primary key refuses this one; done again, it finds the change.
    public override string RememberChange { get; } = $"""
        INSERT INTO {tables.Change} (change_id, at)
        SELECT @change_id, @now
        WHERE NOT EXISTS (SELECT 1 FROM {tables.Change} WHERE change_id = @change_id);
        """;

    // A write locks the row on every product. Subjects that differ in trailing spaces only share a row, which costs no more than waiting.
    public override string LockSubject { get; } = $"""
        INSERT INTO {tables.Guard} (realm, subject, turn)
        SELECT @realm, @subject, 0
        WHERE NOT EXISTS (SELECT 1 FROM {tables.Guard} WHERE realm = @realm AND subject = @subject);

        UPDATE {tables.Guard}
        SET turn = turn + 1
        WHERE realm = @realm AND subject = @subject;
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

    public override string InsertToken { get; } = $"""
        INSERT INTO {tables.Token} (
            id, realm, kind, subject, name, name_key, scopes, hint, hash, tag, key_id, verifier, recoverable_copy,
            created_at, updated_at, expires_at, last_used_at, revoked_at, suspended_at,
            version, issued_by, actor, predecessor_id, successor_id, wire_data)
        VALUES (
            @id, @realm, @kind, @subject, @name, @name_key, @scopes, @hint, @hash, @tag, @key_id, @verifier, @recoverable_copy,
            @created_at, @updated_at, @expires_at, @last_used_at, @revoked_at, @suspended_at,
            @version, @issued_by, @actor, @predecessor_id, @successor_id, @wire_data);
        """;

    public override string UpdateToken { get; } = $"""
        UPDATE {tables.Token}
        SET name = @name, name_key = @name_key, scopes = @scopes, expires_at = @expires_at, suspended_at = @suspended_at,
            wire_data = @wire_data, updated_at = @now, version = version + 1
        WHERE id = @id AND version = @version AND revoked_at IS NULL;
        """;

    public override string RehashToken { get; } = $"""
        UPDATE {tables.Token}
        SET hash = @hash, tag = @tag, key_id = @key_id, verifier = @verifier
        WHERE id = @id AND hash = @expected_hash AND DATALENGTH(hash) = DATALENGTH(@expected_hash) AND revoked_at IS NULL;
        """;

    public override string UpdateTokenAndSecret { get; } = $"""
        UPDATE {tables.Token}
        SET name = @name, name_key = @name_key, scopes = @scopes, expires_at = @expires_at, suspended_at = @suspended_at,
            wire_data = @wire_data, updated_at = @now, version = version + 1,
            hint = @hint, hash = @hash, tag = @tag, key_id = @key_id, verifier = @verifier, recoverable_copy = @recoverable_copy
        WHERE id = @id AND version = @version AND revoked_at IS NULL;
        """;

    public override string RevokeToken { get; } = $"""
        UPDATE {tables.Token}
        SET revoked_at = @now, updated_at = @now, version = version + 1, name_key = NULL, recoverable_copy = NULL
        WHERE id = @id AND revoked_at IS NULL;
        """;

    public override string DeleteToken { get; } = $"""
        DELETE FROM {tables.Token}
        WHERE id = @id;
        """;

    public override string RevokeSubject { get; } = $"""
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        DECLARE @chosen TABLE (id binary(16) NOT NULL PRIMARY KEY);
        DECLARE @found bigint = 1, @written bigint = 0;
        WHILE @found > 0 AND @written < @limit
        BEGIN
            SET NOCOUNT ON;
            DELETE FROM @chosen;
            INSERT INTO @chosen (id)
            SELECT TOP (@limit - @written) id
            FROM {tables.Token}
            WHERE realm = @realm AND DATALENGTH(realm) = DATALENGTH(@realm)
              AND subject = @subject AND DATALENGTH(subject) = DATALENGTH(@subject)
              AND revoked_at IS NULL
              AND id NOT IN (SELECT CONVERT(binary(16), CAST(value AS varchar(32)), 2) FROM OPENJSON(@spared))
            ORDER BY created_at, id;
            SET @found = @@ROWCOUNT;

            SET NOCOUNT OFF;
            UPDATE {tables.Token}
            SET revoked_at = @now, updated_at = @now, version = version + 1, name_key = NULL, recoverable_copy = NULL
            WHERE id IN (SELECT id FROM @chosen) AND revoked_at IS NULL;
            SET @written = @written + @@ROWCOUNT;
        END;
        """;

    public override string RevokeRealm { get; } = $"""
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        DECLARE @chosen TABLE (id binary(16) NOT NULL PRIMARY KEY);
        DECLARE @found bigint = 1, @written bigint = 0;
        WHILE @found > 0 AND @written < @limit
        BEGIN
            SET NOCOUNT ON;
            DELETE FROM @chosen;
            INSERT INTO @chosen (id)
            SELECT TOP (@limit - @written) id
            FROM {tables.Token}
            WHERE realm = @realm AND DATALENGTH(realm) = DATALENGTH(@realm)
              AND revoked_at IS NULL
              AND id NOT IN (SELECT CONVERT(binary(16), CAST(value AS varchar(32)), 2) FROM OPENJSON(@spared))
            ORDER BY created_at, id;
            SET @found = @@ROWCOUNT;

            SET NOCOUNT OFF;
            UPDATE {tables.Token}
            SET revoked_at = @now, updated_at = @now, version = version + 1, name_key = NULL, recoverable_copy = NULL
            WHERE id IN (SELECT id FROM @chosen) AND revoked_at IS NULL;
            SET @written = @written + @@ROWCOUNT;
        END;
        """;

    public override string TouchTokens { get; } = $"""
        SET NOCOUNT OFF;
        UPDATE token
        SET last_used_at = used.at
        FROM {tables.Token} AS token
        INNER JOIN OPENJSON(@uses) WITH (id nvarchar(32) '$.id', at bigint '$.at') AS used
            ON token.id = CONVERT(binary(16), CAST(used.id AS varchar(32)), 2)
        WHERE token.last_used_at IS NULL OR token.last_used_at < used.at;
        """;

    public override string PurgeRevoked { get; } = $"""
        DECLARE @chosen TABLE (id binary(16) NOT NULL PRIMARY KEY);
        DECLARE @found bigint = 1, @written bigint = 0;
        WHILE @found > 0 AND @written < @limit
        BEGIN
            SET NOCOUNT ON;
            DELETE FROM @chosen;
            INSERT INTO @chosen (id)
            SELECT TOP (@limit - @written) id
            FROM {tables.Token}
            WHERE revoked_at < @before
            ORDER BY revoked_at;
            SET @found = @@ROWCOUNT;

            SET NOCOUNT OFF;
            DELETE FROM {tables.Token}
            WHERE id IN (SELECT id FROM @chosen) AND revoked_at < @before;
            SET @written = @written + @@ROWCOUNT;
        END;
        """;

    public override string PurgeExpired { get; } = $"""
        DECLARE @chosen TABLE (id binary(16) NOT NULL PRIMARY KEY);
        DECLARE @found bigint = 1, @written bigint = 0;
        WHILE @found > 0 AND @written < @limit
        BEGIN
            SET NOCOUNT ON;
            DELETE FROM @chosen;
            INSERT INTO @chosen (id)
            SELECT TOP (@limit - @written) id
            FROM {tables.Token}
            WHERE expires_at < @before
            ORDER BY expires_at;
            SET @found = @@ROWCOUNT;

            SET NOCOUNT OFF;
            DELETE FROM {tables.Token}
            WHERE id IN (SELECT id FROM @chosen) AND expires_at < @before;
            SET @written = @written + @@ROWCOUNT;
        END;
        """;

    // What another purge has taken is left out of the count, and so perhaps the rest to the next purge: nobody waits for it.
    public override string ForgetChanges { get; } = $"""
        SET NOCOUNT OFF;
        DELETE FROM {tables.Change}
        WHERE change_id IN (SELECT TOP (@limit) change_id FROM {tables.Change} WHERE at < @before ORDER BY at);
        """;

    // Finds the table where the statements would: in the schema that was named, or in the login's own.
    public override string CountSchemaTables { get; } = $"""
        SELECT CASE WHEN OBJECT_ID(N'{tables.Schema}', N'U') IS NULL THEN 0 ELSE 1 END;
        """;

    public override string ReadSchemaVersion { get; } = $"""
        SELECT version
        FROM {tables.Schema}
        WHERE id = 1;
        """;

    public override string CreateSchemaTable { get; } = $"""
        -- One row: the version of this schema. The library refuses to run on a version that it does not know.
        IF OBJECT_ID(N'{tables.Schema}', N'U') IS NULL
        BEGIN
            CREATE TABLE {tables.Schema} (
                id      int NOT NULL PRIMARY KEY CHECK (id = 1),
                version int NOT NULL
            );
        END;

        INSERT INTO {tables.Schema} (id, version)
        SELECT 1, 0
        WHERE NOT EXISTS (SELECT 1 FROM {tables.Schema} WHERE id = 1);
        """;

    public override string LockSchemaVersion { get; } = $"""
        UPDATE {tables.Schema}
        SET version = version
        WHERE id = 1;
        """;

    // Filtered indexes need quoted identifiers, which sqlcmd switches off.
    public override (string Head, string Foot) ScriptFrame => (
        """
        SET QUOTED_IDENTIFIER ON;
        SET XACT_ABORT ON;
        BEGIN TRANSACTION;
        """,
        "COMMIT TRANSACTION;");

    public override bool IsUniqueViolation(DbException exception) => SqlServerErrors.IsUniqueViolation(exception);

    public override bool IsTransient(Exception exception) => SqlServerErrors.IsTransient(exception);

    public override string Explain(Exception exception) => SqlServerErrors.Explain(exception);
}
