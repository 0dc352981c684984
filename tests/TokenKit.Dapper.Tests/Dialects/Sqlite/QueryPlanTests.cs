using System.Data.Common;
using System.Text.RegularExpressions;
using TokenKit.Dapper.Dialects;

namespace TokenKit.Dapper.Tests.Dialects.Sqlite;

/// <summary>Asks SQLite how it would run each statement, on a table that is large enough for a bad plan to hurt.</summary>
[TestClass]
public sealed partial class QueryPlanTests
{
    /// <summary>200 000 tokens: one realm has nearly all, one subject has a quarter, half are revoked or expire.</summary>
    private const string Filling = """
        PRAGMA synchronous = OFF;
        BEGIN;
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
        INSERT INTO tokenkit_token (id, realm, kind, subject, name, name_key, scopes, hint, hash, created_at, updated_at, expires_at, revoked_at, version)
        SELECT randomblob(16),
               CASE WHEN i % 1000 = 0 THEN 'other' ELSE 'api' END,
               CASE WHEN i % 3 = 0 THEN 'session' ELSE 'pat' END,
               CASE WHEN i % 4 = 0 THEN '1000' ELSE 'user ' || (i % 5000) END,
               'deploy',
               CASE WHEN i % 2 = 0 THEN randomblob(32) END,
               'read', 'hint', 'hash', i, i,
               CASE WHEN i % 3 = 0 THEN i + 1000 END,
               CASE WHEN i % 4 = 1 THEN i + 500 END,
               1
        FROM n;
        INSERT INTO tokenkit_change (change_id, at) SELECT randomblob(16), sequence FROM tokenkit_token;
        INSERT INTO tokenkit_guard (realm, subject) SELECT DISTINCT realm, subject FROM tokenkit_token;
        COMMIT;
        """;

    private static IReadOnlyList<(string Name, string Sql)> Statements { get; } =
    [
        .. from statement in DialectStatements.Of(SqliteDatabase.Dialect())
           where statement.Sql is not null && statement.Name is not nameof(SqlDialect.PrepareConnection)
           select (statement.Name, statement.Sql),
    ];

    /// <summary>The same rows twice: without statistics, and with them.</summary>
    private static List<SqliteDatabase> Databases { get; } = [];

    [ClassInitialize]
    public static async Task FillAsync(TestContext context)
    {
        foreach (string statistics in (string[])["", "ANALYZE"])
        {
            SqliteDatabase database = await SqliteDatabase.CreateAsync();
            Databases.Add(database);
            await database.ExecuteAsync(Filling + statistics);
        }
    }

    [ClassCleanup]
    public static async Task RemoveAsync()
    {
        foreach (SqliteDatabase database in Databases)
        {
            await database.DisposeAsync();
        }
    }

    [TestMethod]
    public async Task Plan_OfEveryStatement_NeitherScansNorSorts()
    {
        Assert.IsGreaterThan(20, Statements.Count);
        foreach (SqliteDatabase database in Databases)
        {
            foreach ((string name, string sql) in Statements)
            {
                IReadOnlyList<string> plan = await PlanAsync(database, sql);
                Assert.IsFalse(plan.Any(IsBad), $"{name}\n{string.Join('\n', plan)}");
            }
        }
    }

    [TestMethod]
    [DataRow("SELECT * FROM tokenkit_token WHERE wire_data = @x")]
    [DataRow("SELECT * FROM tokenkit_token WHERE revoked_at IS NULL")]
    [DataRow("SELECT count(*) FROM tokenkit_change")]
    [DataRow("SELECT * FROM tokenkit_token WHERE realm = @x ORDER BY hash")]
    public async Task Plan_OfAStatementWithoutAnIndex_IsRecognised(string sql)
    {
        IReadOnlyList<string> plan = await PlanAsync(Databases[0], sql);

        Assert.IsTrue(plan.Any(IsBad), string.Join('\n', plan));
    }

    [TestMethod]
    [DataRow(nameof(TokenStatements.FindToken), "tokenkit_token_id")]
    [DataRow(nameof(TokenStatements.ListSubject), "tokenkit_token_subject_unrevoked (realm=? AND subject=? AND (created_at,id)<(?,?))")]
    [DataRow(nameof(TokenStatements.ListSubjectWithRevoked), "tokenkit_token_subject (realm=? AND subject=? AND (created_at,id)<(?,?))")]
    [DataRow(nameof(TokenStatements.ListRealm), "tokenkit_token_realm_unrevoked (realm=? AND (created_at,id)<(?,?))")]
    [DataRow(nameof(TokenStatements.ListRealmWithRevoked), "tokenkit_token_realm (realm=? AND (created_at,id)<(?,?))")]
    [DataRow(nameof(TokenStatements.ListInserted), "tokenkit_token_inserted (realm=? AND subject=? AND sequence>?)")]
    [DataRow(nameof(TokenStatements.CountLiving), "tokenkit_token_subject_unrevoked (realm=? AND subject=?)")]
    [DataRow(nameof(TokenStatements.CountSubject), "tokenkit_token_subject_unrevoked (realm=? AND subject=?)")]
    [DataRow(nameof(TokenStatements.CountRealm), "tokenkit_token_realm_unrevoked (realm=?)")]
    [DataRow(nameof(TokenStatements.LockTokens), "tokenkit_token_id (id=?)")]
    [DataRow(nameof(TokenStatements.LockSubject), "tokenkit_token_subject_unrevoked (realm=? AND subject=? AND created_at>?)")]
    [DataRow(nameof(TokenStatements.LockRealm), "tokenkit_token_realm_unrevoked (realm=? AND created_at>?)")]
    [DataRow(nameof(TokenStatements.UpdateToken), "tokenkit_token_id (id=?)")]
    [DataRow(nameof(TokenStatements.RevokeTokens), "tokenkit_token_id (id=?)")]
    [DataRow(nameof(TokenStatements.TouchTokens), "tokenkit_token_id (id=?)")]
    [DataRow(nameof(TokenStatements.EraseCopies), "tokenkit_token_id (id=?)")]
    [DataRow(nameof(TokenStatements.PurgeRevoked), "tokenkit_token_revoked_at (revoked_at<?)")]
    [DataRow(nameof(TokenStatements.PurgeExpired), "tokenkit_token_expires_at (expires_at<?)")]
    [DataRow(nameof(TokenStatements.ForgetChanges), "tokenkit_change_at (at<?)")]
    public async Task Plan_OfAStatement_UsesItsIndex(string statement, string index)
    {
        foreach (SqliteDatabase database in Databases)
        {
            IReadOnlyList<string> plan = await PlanAsync(database, Statements.Single(s => s.Name == statement).Sql);

            Assert.IsTrue(plan.Any(line => line.Contains(index, StringComparison.Ordinal)), string.Join('\n', plan));
        }
    }

    private static bool IsBad(string line) => ScanOfATable().IsMatch(line) || line.Contains("TEMP B-TREE", StringComparison.Ordinal);

    // json_each walks a parameter, a subquery what was found by an index, and sqlite_schema holds a dozen rows. ForgetGuards looks at every guard.
    [GeneratedRegex(@"^SCAN (?!json_each\b|sqlite_schema\b|CONSTANT ROW|\(subquery|kept$)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ScanOfATable();

    private static async Task<IReadOnlyList<string>> PlanAsync(SqliteDatabase database, string sql)
    {
        await using DbConnection connection = await database.Source.OpenConnectionAsync();
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {sql}";
        foreach (Match parameter in Parameter().Matches(sql))
        {
            DbParameter value = command.CreateParameter();
            (value.ParameterName, value.Value) = (parameter.Value, DBNull.Value);
            command.Parameters.Add(value);
        }

        List<string> lines = [];
        await using DbDataReader reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(3));
        }

        return lines;
    }

    [GeneratedRegex(@"@\w+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}
