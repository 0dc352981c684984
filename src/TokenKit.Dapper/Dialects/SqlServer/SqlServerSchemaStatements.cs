using System.Data.Common;
using TokenKit.Dapper.Execution;

namespace TokenKit.Dapper.Dialects.SqlServer;

/// <summary>What SQL Server is asked about the schema.</summary>
internal sealed class SqlServerSchemaStatements(TableNames tables) : SchemaStatements(tables)
{
    // Numbers left free behind the highest of the rows that are looked at, for rows that are not among them.
    private const int Margin = 1_000_000;

    private static readonly string[] MultipleResultSets = ["MultipleActiveResultSets", "Multiple Active Result Sets"];

    private readonly string _token = tables.Token;
    private readonly string _bracketed = tables.Bracketed("token");

    /// <summary>The highest number of the newest thousand rows, and the last one that was given; null where the login may not know it.</summary>
    public string ReadNumbers { get; } = $"""
        SELECT
            (SELECT MAX(sequence) FROM (SELECT TOP (1000) sequence FROM {tables.Token} ORDER BY id DESC) AS newest) AS highest,
            CAST(IDENT_CURRENT(N'{tables.Bracketed("token")}') AS bigint) AS last_given;
        """;

    // Finds the table where the statements would: in the schema that was named, or in the login's own. In brackets, because a session may have
    // switched quotation marks off.
    public override string CountTables { get; } = $"""
        SELECT CASE WHEN OBJECT_ID(N'{tables.Bracketed("schema")}', N'U') IS NULL THEN 0 ELSE 1 END;
        """;

    public override string CreateTable { get; } = $"""
        -- One row: the version of this schema. Later columns say which libraries can run on it.
        IF OBJECT_ID(N'{tables.Bracketed("schema")}', N'U') IS NULL
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

    // It waits in the statement, without a limit: nothing here waits for the statements of others, as an index of PostgreSQL does.
    public override string LockVersion { get; } = $"""
        UPDATE {tables.Schema}
        SET version = version
        WHERE id = 1;
        """;

    public override (string Begin, string Commit) ScriptFrame => ("BEGIN TRANSACTION;", "COMMIT TRANSACTION;");

    // Filtered indexes need quoted identifiers, which sqlcmd switches off.
    public override string ScriptHead(bool hasPartsOutside) => """
        -- This can be run again: what is there already stays as it is.

        SET QUOTED_IDENTIFIER ON;
        SET XACT_ABORT ON;
        """;

    // With it a transaction that a batch of its own began is rolled back at the end of that batch (error 3997).
    public override Task<string?> FindObstacleAsync(SqlSession session) => Task.FromResult(FindObstacle(session.ConnectionString));

    public static string? FindObstacle(string connectionString)
    {
        var settings = new DbConnectionStringBuilder { ConnectionString = connectionString };
        return Array.Exists(MultipleResultSets, name =>
            settings.TryGetValue(name, out object? value) && value is string text
            && (text.Equals("true", StringComparison.OrdinalIgnoreCase) || text.Equals("yes", StringComparison.OrdinalIgnoreCase)))
            ? "The connection string says MultipleActiveResultSets=True. SQL Server then rolls the transactions of the store back. Give the store a connection string of its own, without it."
            : null;
    }

    public override async Task<string?> FindSequenceProblemAsync(SqlSession session)
    {
        (long? Highest, long? Last) numbers = (await session.ReadAsync(
            ReadNumbers, null, static reader => (NumberOrNull(reader, 0), NumberOrNull(reader, 1))).ConfigureAwait(false))[0];
        return numbers.Last < numbers.Highest
            ? $"The last number of a row in {_token} was {numbers.Last}, but a row has {numbers.Highest} already: lists in the order of insertion show new tokens among old ones. Run: DBCC CHECKIDENT (N'{_bracketed}', RESEED, {numbers.Highest + Margin});"
            : null;
    }

    private static long? NumberOrNull(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
}
