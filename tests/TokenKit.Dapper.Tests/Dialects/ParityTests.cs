using System.Text.RegularExpressions;
using TokenKit.Dapper.Dialects;
using TokenKit.Dapper.Dialects.PostgreSql;
using TokenKit.Dapper.Dialects.Sqlite;
using TokenKit.Dapper.Dialects.SqlServer;
using TokenKit.Dapper.Execution;
using TokenKit.Dapper.Schema;

namespace TokenKit.Dapper.Tests.Dialects;

/// <summary>What one dialect has, all have: statements with the same parameters, schema versions, tables and columns.</summary>
[TestClass]
public sealed partial class ParityTests
{
    private static readonly TableNames Tables = new(TableNames.DefaultPrefix);

    internal static readonly SqlDialect[] Dialects = [new SqliteDialect(Tables), new PostgreSqlDialect(Tables), new SqlServerDialect(Tables)];

    public static IEnumerable<object[]> Statements =>
        from statement in DialectStatements.Of(Dialects[0])
        where statement.Name is not (nameof(SqlDialect.PrepareConnection) or nameof(SqlDialect.LiftWaits) or nameof(SqlDialect.StateDurability) or nameof(TokenStatements.LockGuard) or nameof(SchemaStatements.LiftLimits) or nameof(SchemaStatements.CountStatementsOutside) or nameof(SchemaStatements.ReleaseSnapshot))
        select (object[])[statement.Name];

    [TestMethod]
    public void Dialects_OfTheLibrary_AreAllHeldToThis()
    {
        IEnumerable<Type> all = typeof(SqlDialect).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(SqlDialect)));

        CollectionAssert.AreEquivalent(all.ToArray(), Dialects.Select(dialect => dialect.GetType()).ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(Statements))]
    public void Statement_InEachDialect_HasTheSameParameters(string name)
    {
        // PostgreSQL's look-up has the one parameter that goes by its place.
        string[] parameters =
        [
            .. Dialects.Select(dialect => string.Join(
                ' ', ParametersOf(DialectStatements.Of(dialect).Single(statement => statement.Name == name).Sql!.Replace("$1", "@id", StringComparison.Ordinal)))),
        ];

        Assert.IsTrue(Array.TrueForAll(parameters, names => names == parameters[0]), string.Join('\n', parameters));
    }

    [TestMethod]
    public void Migrations_OfEachDialect_AreTheSameSteps()
    {
        string[] first = [.. Migration.AllOf(Dialects[0]).Select(migration => migration.Name)];

        Assert.IsNotEmpty(first);
        foreach (SqlDialect dialect in Dialects)
        {
            CollectionAssert.AreEqual(first, Migration.AllOf(dialect).Select(migration => migration.Name).ToArray(), dialect.Name);
        }
    }

    [TestMethod]
    public void Tables_OfEachDialect_HaveEveryColumnAndIndex()
    {
        string[] indexes = IndexesOf(Dialects[0]);
        Assert.HasCount(9, indexes.Where(index => index is not "tokenkit_token_id"));
        foreach (SqlDialect dialect in Dialects)
        {
            string script = Script(dialect);
            foreach (string column in TokenRow.Columns.Split(", "))
            {
                Assert.IsTrue(Regex.IsMatch(script, $@"^ +{column} +\w+", RegexOptions.Multiline, TimeSpan.FromSeconds(1)), $"{dialect.Name}: {column}");
            }

            // SQLite's primary key is the sequence; the others' is the id.
            CollectionAssert.AreEqual(
                indexes.Where(index => index is not "tokenkit_token_id").ToArray(),
                IndexesOf(dialect).Where(index => index is not "tokenkit_token_id").ToArray(),
                dialect.Name);
        }
    }

    [TestMethod]
    public void Script_ForTablesElsewhere_NamesNoOthers()
    {
        var tables = new TableNames("acme_", "vault");
        foreach (SqlDialect dialect in (SqlDialect[])[new PostgreSqlDialect(tables), new SqlServerDialect(tables)])
        {
            string script = Script(dialect);

            Assert.Contains("\"vault\".\"acme_token\"", script);
            Assert.Contains("INDEX \"acme_token_name_key\"", script.Replace("IF NOT EXISTS ", "", StringComparison.Ordinal));
            Assert.DoesNotContain("\"tokenkit_", script);
            Assert.DoesNotContain(" \"acme_token\"", script);
        }
    }

    private static string Script(SqlDialect dialect) => string.Join(
        '\n', Migration.AllOf(dialect).SelectMany(migration => migration.Parts).Select(part => part.Sql));

    private static string[] IndexesOf(SqlDialect dialect) => [.. Index().Matches(Script(dialect)).Select(match => match.Groups["name"].Value)];

    // Variables that a statement declares for itself are none, nor are those of the server.
    private static IEnumerable<string> ParametersOf(string sql)
    {
        HashSet<string> declared = [.. Declaration().Matches(sql).Select(match => match.Groups["name"].Value)];
        return Parameter().Matches(sql).Select(match => match.Groups["name"].Value).Where(name => !declared.Contains(name)).Distinct().Order(StringComparer.Ordinal);
    }

    [GeneratedRegex(@"INDEX (IF NOT EXISTS )?""(?<name>\w+)""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Index();

    [GeneratedRegex(@"(DECLARE|,) @(?<name>\w+) (TABLE|bigint|binary)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"(?<!@)@(?<name>\w+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}
