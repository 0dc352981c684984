using System.Diagnostics;
using TokenKit.Dapper.Dialects;

namespace TokenKit.Dapper.Tests.Schema;

/// <summary>This library and the next one on one database, as in a deployment that goes node by node, forth and back.</summary>
[TestClass]
public sealed class TwoVersionsTests
{
    /// <summary>The variable <c>TOKENKIT_LONG</c> asks for the long run.</summary>
    private static readonly int Rows = Environment.GetEnvironmentVariable("TOKENKIT_LONG") == "1" ? 1_000_000 : 10_000;

    [TestMethod]
    [DataRow("SQLite")]
    [DataRow("PostgreSQL")]
    public async Task Deployment_OfAVersionThatAdds_ForthAndBack_LosesNoAnswer(string product)
    {
        await using ITestDatabase database = await ITestDatabase.CreateAsync(product);
        var load = new SchemaLoad();
        await using var old = new SchemaNode(database);
        await old.StartAsync();
        string before = await IssueAsync(old);
        load.Start(old);
        await load.WaitForAnswersAsync(10);
        Assert.AreEqual("Healthy", await old.HealthAsync());

        // Forth: the first node of the next version migrates, and both versions serve.
        var next = new SchemaNode(database, NextVersion.ThatAdds, migrateAtStart: true);
        await next.StartAsync();
        load.Start(next);
        await load.WaitForAnswersAsync(20);
        Assert.AreEqual("Degraded", await old.HealthAsync());
        Assert.AreEqual("Healthy", await next.HealthAsync());
        string meanwhile = await IssueAsync(next);
        Assert.IsTrue(await IsValidAsync(old, meanwhile));
        Assert.IsTrue(await IsValidAsync(next, before));

        // Back: a node of this version starts on the schema that it does not know, and the next version leaves.
        await using var again = new SchemaNode(database);
        await again.StartAsync();
        await again.Schema.MigrateAsync();
        load.Start(again);
        await load.WaitForAnswersAsync(20);
        await load.StopAsync(next);
        await next.DisposeAsync();
        Assert.AreEqual("Degraded", await again.HealthAsync());
        Assert.IsTrue(await IsValidAsync(again, meanwhile));
        string after = await IssueAsync(again);
        Assert.AreEqual(NextVersion.Number, (await again.Schema.CheckAsync()).Version, "Nothing was taken back.");

        // Forth once more.
        await using var last = new SchemaNode(database, NextVersion.ThatAdds, migrateAtStart: true);
        await last.StartAsync();
        load.Start(last);
        await load.WaitForAnswersAsync(20);
        Assert.IsTrue(await IsValidAsync(last, after));
        await load.EndAsync();

        Assert.AreEqual("Healthy", await last.HealthAsync());
        Assert.HasCount(1, old.Complaints);
        Assert.HasCount(1, again.Complaints);
        Assert.IsEmpty(last.Complaints);
    }

    [TestMethod]
    [DataRow("SQLite")]
    [DataRow("PostgreSQL")]
    public async Task Deployment_OfAVersionThatRaisesReadableBy_IsRefusedByTheOlderOne(string product)
    {
        await using ITestDatabase database = await ITestDatabase.CreateAsync(product);
        await using var old = new SchemaNode(database);
        await old.StartAsync();

        await using var next = new SchemaNode(database, NextVersion.ThatRaises, migrateAtStart: true);
        await next.StartAsync();

        Assert.AreEqual("Healthy", await next.HealthAsync());
        Assert.AreEqual("Unhealthy", await old.HealthAsync());
        Assert.IsTrue(await IsValidAsync(next, await IssueAsync(next)));
        foreach (bool migrateAtStart in (bool[])[false, true])
        {
            await using var refused = new SchemaNode(database, migrateAtStart: migrateAtStart);
            InvalidOperationException failure = await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => refused.StartAsync());
            Assert.Contains(
                "is version 3 and can be used by a TokenKit.Dapper that knows version 3, but this one knows only 2. Run the version that the database was migrated with, or a later one.",
                failure.Message);
        }

        Assert.AreEqual(SchemaState.Current, (await next.Schema.CheckAsync()).State);
    }

    [TestMethod]
    [DataRow("SQLite")]
    [DataRow("PostgreSQL")]
    public async Task Migration_ByTwoNodesAtOnceUnderLoad_LosesNoAnswer(string product)
    {
        await using ITestDatabase database = await ITestDatabase.CreateAsync(product);
        await database.ExecuteAsync(Filling(product, Rows));
        var load = new SchemaLoad();
        await using var one = new SchemaNode(database);
        await using var two = new SchemaNode(database);
        await one.StartAsync();
        await two.StartAsync();
        load.Start(one);
        load.Start(two);
        await load.WaitForAnswersAsync(10);

        await using var nextOne = new SchemaNode(database, NextVersion.ThatAdds);
        await using var nextTwo = new SchemaNode(database, NextVersion.ThatAdds);
        int before = load.Answers;
        var watch = Stopwatch.StartNew();
        using var enough = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await Task.WhenAll(Task.Run(() => nextOne.Schema.MigrateAsync(enough.Token)), Task.Run(() => nextTwo.Schema.MigrateAsync(enough.Token)));
        int during = load.Answers - before;

        // On SQLite a step locks all writers out, and they wait 5 seconds at most. On a busy machine a million rows take longer than that.
        bool mayTurnAway = product == "SQLite" && watch.Elapsed > TimeSpan.FromSeconds(4.5);
        await load.WaitForAnswersAsync(10);
        await load.EndAsync(mayTurnAway);

        Assert.AreEqual(SchemaState.Current, (await nextOne.Schema.CheckAsync()).State);
        Assert.AreEqual(SchemaState.Current, (await nextTwo.Schema.CheckAsync()).State);
        Assert.IsGreaterThan(product == "SQLite" ? -1 : 0, during, "PostgreSQL serves while it builds the index.");
        if (product == "PostgreSQL")
        {
            Assert.AreEqual(true, await database.ExecuteAsync("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('tokenkit_token_note')"));
        }
    }

    [TestMethod]
    [DataRow("SQLite")]
    [DataRow("PostgreSQL")]
    public async Task Database_OfVersion1_IsOutdatedUntilItIsMigratedOrPrintedForIt(string product)
    {
        foreach (bool byHand in (bool[])[false, true])
        {
            await using ITestDatabase database = await ITestDatabase.CreateEmptyAsync(product);
            await database.ExecuteAsync(Version1(database));

            SchemaStatus before = await database.Schema.CheckAsync();
            Assert.AreEqual((SchemaState.Outdated, 1, 1, ""), (before.State, before.Version, before.ReadableBy, before.Features));
            if (byHand)
            {
                await database.ExecuteAsync(database.Schema.Print(fromVersion: 1));
            }
            else
            {
                await database.Schema.MigrateAsync();
            }

            SchemaStatus after = await database.Schema.CheckAsync();
            Assert.AreEqual((SchemaState.Current, 2, 2, ""), (after.State, after.Version, after.ReadableBy, after.Features));
            await database.OpenStore().AddAsync(Tokens.Row());
        }
    }

    [TestMethod]
    [DataRow("SQLite")]
    [DataRow("PostgreSQL")]
    public async Task Print_FromAVersion_IsWhatIsMissing(string product)
    {
        await using ITestDatabase database = await ITestDatabase.CreateEmptyAsync(product);

        string fromOne = database.Schema.Print(fromVersion: 1);

        Assert.DoesNotContain("CREATE TABLE", fromOne);
        Assert.Contains("readable_by", fromOne);
        Assert.AreEqual("-- Nothing is missing from schema version 2.\n", database.Schema.Print(fromVersion: 2));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => database.Schema.Print(fromVersion: 3));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => database.Schema.Print(fromVersion: -1));
    }

    private static async Task<string> IssueAsync(SchemaNode node) =>
        ((IssueResult.Issued)await node.Tokens.IssueAsync(new IssueRequest("api") { Subject = "1000", Name = "CI" })).Plaintext.Reveal();

    private static async Task<bool> IsValidAsync(SchemaNode node, string plaintext) => await node.Tokens.VerifyAsync("api", plaintext) is VerificationResult.Valid;

    /// <summary>What version 1 of the library made.</summary>
    private static string Version1(ITestDatabase database)
    {
        SqlDialect dialect = database is PostgreSqlDatabase postgreSql ? postgreSql.Dialect() : SqliteDatabase.Dialect();
        return $"{dialect.Schema.CreateTable}\n{TokenKit.Dapper.Schema.Migration.AllOf(dialect)[0].Parts.Single().Sql}";
    }

    private static string Filling(string product, int count)
    {
        string numbers = product == "SQLite"
            ? $"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
            : $"WITH n(i) AS (SELECT * FROM generate_series(1, {count}))";
        string id = product == "SQLite" ? "randomblob(16)" : "uuid_send(gen_random_uuid())";
        return $"""
            {numbers}
            INSERT INTO tokenkit_token (id, realm, kind, subject, name, scopes, hint, hash, created_at, updated_at, version)
            SELECT {id}, 'api', 'pat', 'user ' || (i % 1000), 'deploy', 'read', 'hint', 'hash', i, i, 1
            FROM n
            """;
    }
}
