using System.Data.Common;
using System.Text.RegularExpressions;
using TokenKit.Dapper.Dialects;

namespace TokenKit.Dapper.Tests.Dialects.PostgreSql;

/// <summary>Asks PostgreSQL how it would run each statement, on a table that is large enough for a bad plan to hurt.</summary>
[TestClass]
public sealed partial class QueryPlanTests
{
    /// <summary>200 000 tokens: one realm has nearly all, one subject has a quarter, half are revoked or expire.</summary>
    private const string Filling = """
        INSERT INTO tokenkit_token (id, realm, kind, subject, name, name_key, scopes, hint, hash, created_at, updated_at, expires_at, revoked_at, version)
        SELECT decode(md5(i::text), 'hex'),
               CASE WHEN i % 1000 = 0 THEN 'other' ELSE 'api' END,
               CASE WHEN i % 3 = 0 THEN 'session' ELSE 'pat' END,
               CASE WHEN i % 4 = 0 THEN '1000' ELSE 'user ' || (i % 5000) END,
               'deploy',
               CASE WHEN i % 2 = 0 THEN sha256(i::text::bytea) END,
               'read', 'hint', 'hash', i, i,
               CASE WHEN i % 3 = 0 THEN i + 1000 END,
               CASE WHEN i % 4 = 1 THEN i + 500 END,
               1
        FROM generate_series(1, 200000) AS n(i);
        INSERT INTO tokenkit_change (change_id, at) SELECT id, sequence FROM tokenkit_token;
        INSERT INTO tokenkit_guard (realm, subject) SELECT DISTINCT realm, subject FROM tokenkit_token;
        ANALYZE tokenkit_token, tokenkit_change, tokenkit_guard;
        """;

    /// <summary>The types that the store gives its parameters, and values: those of the largest subject, and of a small one.</summary>
    private static readonly Dictionary<string, (string Type, string Large, string Small)> Parameters = new(StringComparer.Ordinal)
    {
        ["realm"] = ("text", "'api'", "'api'"),
        ["subject"] = ("text", "'1000'", "'user 7'"),
        ["kind"] = ("text", "'pat'", "'session'"),
        ["created_at"] = ("bigint", "100000", "9223372036854775807"),
        ["id"] = ("bytea", @"'\xffffffffffffffffffffffffffffffff'", @"'\x00000000000000000000000000000001'"),
        ["sequence"] = ("bigint", "0", "100000"),
        ["include_revoked"] = ("bigint", "0", "1"),
        ["limit"] = ("bigint", "1000", "51"),
        ["now"] = ("bigint", "100000", "100000"),
        ["before"] = ("bigint", "150000", "10"),
        ["version"] = ("bigint", "1", "1"),
        ["change_id"] = ("bytea", @"'\x01'", @"'\x01'"),
        ["most"] = ("bigint", "1000", "2147483647"),
        ["created_from"] = ("bigint", "100000", "-62135596800000000"),
        ["first"] = ("bytea", @"'\x00000000000000000000000000000001'", @"'\x00000000000000000000000000000001'"),
        ["second"] = ("bytea", @"'\x00000000000000000000000000000001'", @"'\x00000000000000000000000000000002'"),
        ["ids"] = ("text", "'[]'", "'[\"00000000000000000000000000000001\"]'"),
        ["uses"] = ("text", "'[]'", "'[{\"id\":\"00000000000000000000000000000001\",\"at\":1}]'"),
    };

    private static IReadOnlyList<(string Name, string Sql)> Statements { get; set; } = [];

    private static PostgreSqlDatabase Database { get; set; } = null!;

    [ClassInitialize]
    public static async Task FillAsync(TestContext context)
    {
        Database = await PostgreSqlDatabase.CreateAsync();
        await Database.ExecuteAsync(Filling);

        // A count reads the index alone where a vacuum has been.
        await Database.ExecuteAsync("VACUUM tokenkit_token");
        Statements =
        [
            .. from statement in DialectStatements.Of(Database.Dialect())
               where statement.Name is not (nameof(SqlDialect.PrepareConnection) or nameof(SchemaStatements.ReleaseSnapshot) or nameof(SqlDialect.Begin) or nameof(SqlDialect.LiftWaits) or nameof(SqlDialect.Commit)
                   or nameof(SqlDialect.Rollback) or nameof(TokenStatements.CountRealm) or nameof(SchemaStatements.CreateTable))
               from sql in statement.Sql!.Split(';')
               select (statement.Name, sql.Replace("$1", "@id", StringComparison.Ordinal)),
        ];
    }

    [ClassCleanup]
    public static async Task RemoveAsync()
    {
        if (Database is not null)
        {
            await Database.DisposeAsync();
        }
    }

    [TestMethod]
    [DataRow("force_custom_plan", true, DisplayName = "planned for the largest subject")]
    [DataRow("force_custom_plan", false, DisplayName = "planned for a small subject")]
    [DataRow("force_generic_plan", true, DisplayName = "planned for any subject, as drivers that prepare have it")]
    public async Task Plan_OfEveryStatement_NeitherScansNorSorts(string mode, bool isLarge)
    {
        Assert.IsGreaterThan(18, Statements.Count);
        foreach ((string name, string sql) in Statements)
        {
            IReadOnlyList<string> plan = await PlanAsync(sql, mode, isLarge);
            Assert.IsFalse(WithoutSortOfAFew(plan).Any(IsBad), $"{name}\n{string.Join('\n', plan)}");
        }
    }

    [TestMethod]
    [DataRow("SELECT * FROM tokenkit_token WHERE wire_data = 'x'")]
    [DataRow("SELECT * FROM tokenkit_token WHERE revoked_at IS NULL")]
    [DataRow("SELECT count(wire_data) FROM tokenkit_token")]
    [DataRow("SELECT * FROM tokenkit_token WHERE realm = 'other' ORDER BY hash")]
    public async Task Plan_OfAStatementWithoutAnIndex_IsRecognised(string sql)
    {
        IReadOnlyList<string> plan = await PlanAsync(sql, "force_custom_plan", isLarge: true);

        Assert.IsTrue(plan.Any(IsBad), string.Join('\n', plan));
    }

    [TestMethod]
    [DataRow(nameof(TokenStatements.FindToken), "tokenkit_token_pkey")]
    [DataRow(nameof(TokenStatements.ListSubject), "tokenkit_token_subject_unrevoked")]
    [DataRow(nameof(TokenStatements.ListSubjectWithRevoked), "tokenkit_token_subject")]
    [DataRow(nameof(TokenStatements.ListRealm), "tokenkit_token_realm_unrevoked")]
    [DataRow(nameof(TokenStatements.ListRealmWithRevoked), "tokenkit_token_realm")]
    [DataRow(nameof(TokenStatements.ListInserted), "tokenkit_token_inserted")]
    [DataRow(nameof(TokenStatements.CountLiving), "tokenkit_token_subject_unrevoked")]
    [DataRow(nameof(TokenStatements.CountSubject), "tokenkit_token_subject_unrevoked")]
    [DataRow(nameof(TokenStatements.LockTokens), "tokenkit_token_pkey")]
    [DataRow(nameof(TokenStatements.LockSubject), "tokenkit_token_subject_unrevoked")]
    [DataRow(nameof(TokenStatements.LockRealm), "tokenkit_token_realm_unrevoked")]
    [DataRow(nameof(TokenStatements.UpdateToken), "tokenkit_token_pkey")]
    [DataRow(nameof(TokenStatements.RevokeTokens), "tokenkit_token_pkey")]
    [DataRow(nameof(TokenStatements.TouchTokens), "tokenkit_token_pkey")]
    [DataRow(nameof(TokenStatements.EraseCopies), "tokenkit_token_pkey")]
    [DataRow(nameof(TokenStatements.PurgeRevoked), "tokenkit_token_revoked_at")]
    [DataRow(nameof(TokenStatements.PurgeExpired), "tokenkit_token_expires_at")]
    [DataRow(nameof(TokenStatements.ForgetChanges), "tokenkit_change_at")]
    public async Task Plan_OfAStatement_UsesItsIndex(string statement, string index)
    {
        foreach (string mode in (string[])["force_custom_plan", "force_generic_plan"])
        {
            IReadOnlyList<string> plan = await PlanAsync(Statements.Single(s => s.Name == statement).Sql, mode, isLarge: true);

            Assert.IsTrue(plan.Any(line => Regex.IsMatch(line, $@"\b{index}\b(?!_)", RegexOptions.None, TimeSpan.FromSeconds(1))), string.Join('\n', plan));
        }
    }

    private static bool IsBad(string line) => ScanOrSort().IsMatch(line);

    // What is locked was found by an index, and has to be locked in the order of the ids. A page in the order of insertion has a bound, and its rows
    // of one number are sorted by their ids.
    private static IEnumerable<string> WithoutSortOfAFew(IReadOnlyList<string> plan)
    {
        bool hasBound = plan.Any(line => line.Contains("Index Cond", StringComparison.Ordinal) && line.Contains("sequence <= $", StringComparison.Ordinal));
        return plan.Where((line, number) => !(line.Contains("Sort", StringComparison.Ordinal) && (IsOfAFew(line) || IsOfAFew(plan[number + 1]))));

        bool IsOfAFew(string line) => line.TrimEnd().EndsWith("Sort Key: tokenkit_token.id", StringComparison.Ordinal)
            || (hasBound && line.TrimEnd().EndsWith("Sort Key: tokenkit_token.sequence, tokenkit_token.id", StringComparison.Ordinal));
    }

    // tokenkit_schema has one row. ForgetGuards looks at every guard.
    [GeneratedRegex(@"Seq Scan on (?!tokenkit_schema\b|tokenkit_guard (kept|guard)\b)|\bSort\b", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ScanOrSort();

    private static async Task<IReadOnlyList<string>> PlanAsync(string sql, string mode, bool isLarge)
    {
        List<string> names = [];
        string numbered = Parameter().Replace(sql, match =>
        {
            names.Add(match.Groups["name"].Value);
            return $"${names.Count}";
        });

        // Without a kind a list finds the most rows that it could sort.
        numbered = isLarge ? numbered : numbered.Replace($"${names.IndexOf("kind") + 1} IS NULL", "NULL IS NULL", StringComparison.Ordinal);
        List<(string Type, string Large, string Small)> parameters = names.ConvertAll(name => Parameters.TryGetValue(name, out (string Type, string Large, string Small) known) ? known : (Type: TypeOf(name), Large: "NULL", Small: "NULL"));
        string types = names.Count == 0 ? "" : $"({string.Join(", ", parameters.Select(parameter => parameter.Type))})";
        string values = names.Count == 0 ? "" : $"({string.Join(", ", parameters.Select(parameter => isLarge ? parameter.Large : parameter.Small))})";

        List<string> lines = [];
        await using DbConnection connection = await Database.Source.OpenConnectionAsync();
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = $"SET plan_cache_mode = {mode}; PREPARE statement{types} AS {numbered}; EXPLAIN EXECUTE statement{values}; DEALLOCATE statement";
        await using DbDataReader reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(0));
        }

        return lines;
    }

    private static string TypeOf(string column) => column switch
    {
        _ when column.EndsWith("_at", StringComparison.Ordinal) => "bigint",
        "name_key" or "tag" or "verifier" or "recoverable_copy" or "issued_by" or "predecessor_id" or "successor_id" => "bytea",
        _ => "text",
    };

    [GeneratedRegex(@"@(?<name>\w+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}
