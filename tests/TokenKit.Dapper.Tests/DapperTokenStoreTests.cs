using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Npgsql;
using TokenKit.Dapper.Execution;
using TokenKit.Stores;

namespace TokenKit.Dapper.Tests;

[TestClass]
public sealed class DapperTokenStoreTests
{
    [TestMethod]
    public async Task Issue_WithTheNameAndTheIdOfAnother_IsDuplicate()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        ITokenStore store = database.OpenStore();
        StoredToken row = await store.AddAsync(Tokens.Row(uniqueName: "ci"));

        CommitResult sameName = await store.CommitAsync(Tokens.Issue(Tokens.Row(uniqueName: "ci")), CancellationToken.None);
        CommitResult sameBoth = await store.CommitAsync(Tokens.Issue(row), CancellationToken.None);

        Assert.AreEqual(CommitOutcome.NameTaken, sameName.Outcome);
        Assert.AreEqual(CommitOutcome.Duplicate, sameBoth.Outcome);
    }

    [TestMethod]
    public async Task Check_OfTheStore_TellsTheSchema()
    {
        await using var database = new SqliteDatabase();
        ITokenStore store = database.OpenStore();
        Assert.AreEqual((false, 0), await CheckAsync());

        await database.Schema.MigrateAsync();
        Assert.AreEqual((true, 2), await CheckAsync());

        await database.ExecuteAsync("UPDATE tokenkit_schema SET version = 99");
        Assert.AreEqual((true, 99), await CheckAsync(isDegraded: true));

        await database.ExecuteAsync("UPDATE tokenkit_schema SET readable_by = 99");
        Assert.AreEqual((false, 99), await CheckAsync());

        async Task<(bool IsUsable, int? Version)> CheckAsync(bool isDegraded = false)
        {
            StoreStatus status = await store.CheckAsync(CancellationToken.None);
            Assert.AreEqual((await database.Schema.CheckAsync()).ToString(), status.Description);
            Assert.AreEqual(isDegraded, status.IsDegraded);
            return (status.IsUsable, status.SchemaVersion);
        }
    }

    [TestMethod]
    public async Task Issue_NeitherByATokenNorNearALimit_TakesNoGuard()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        ITokenStore store = database.OpenStore();

        StoredToken acting = await store.AddAsync(Tokens.Row() with { Scopes = ApiTokens.ManageScope });
        await store.CommitAsync(Tokens.Issue(Tokens.Row(), limit: 66), CancellationToken.None);
        Assert.AreEqual(0L, await database.ExecuteAsync("SELECT count(*) FROM tokenkit_guard"));

        await store.CommitAsync(Tokens.Issue(Tokens.Row("near"), limit: 64), CancellationToken.None);
        Assert.AreEqual("near", await database.ExecuteAsync("SELECT max(subject) FROM tokenkit_guard"));

        StoredToken child = Tokens.Row("child") with { Scopes = "" };
        await store.CommitAsync(new TokenChange.Issue(Tokens.Clock, child, TokenActor.For(ApiToken.From(acting))), CancellationToken.None);
        Assert.AreEqual(2L, await database.ExecuteAsync("SELECT count(*) FROM tokenkit_guard"));
    }

    [TestMethod]
    public async Task Change_OnAServer_TakesTwoRoundTrips()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        using var logs = new FakeLoggerProvider();
        using ILoggerFactory factory = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(logs));
        await using NpgsqlDataSource source = new NpgsqlDataSourceBuilder(database.Address).UseLoggerFactory(factory).Build();
        var store = new DapperTokenStore(new SqlDatabase(source, database.Dialect()));
        StoredToken acting = await store.AddAsync(Tokens.Row() with { Scopes = ApiTokens.ManageScope });
        var actor = TokenActor.For(ApiToken.From(acting));
        TokenChange.Issue issue = new(Tokens.Clock, Tokens.Row() with { Scopes = "" }, actor) { LivingTokenLimit = 10 };
        TokenChange[] changes =
        [
            issue,
            new TokenChange.Update(Tokens.Clock, issue.Token, actor) { Name = "renamed", ExpiresAt = Tokens.Now.AddDays(1), LivingTokenLimit = 10 },
            new TokenChange.Revoke(Tokens.Clock, issue.Token.Id, "api", SubjectFilter.Any, actor),
            new TokenChange.Delete(Tokens.Clock, issue.Token.Id, "api", SubjectFilter.Any, actor),
            new TokenChange.RevokeAll(Tokens.Clock, "api", SubjectFilter.Is(acting.Subject), TokenActor.Host),
        ];
        foreach (TokenChange change in changes)
        {
            logs.Collector.Clear();
            Assert.AreEqual(CommitOutcome.Done, (await store.CommitAsync(change, CancellationToken.None)).Outcome);

            // A command is a round trip, however many statements it holds.
            Assert.HasCount(2, logs.Collector.GetSnapshot().Where(line => line.Category == "Npgsql.Command"), change.GetType().Name);
        }
    }

    [TestMethod]
    public async Task Change_ThatWasRefused_LeavesNothing()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        ITokenStore store = database.OpenStore();

        CommitResult result = await store.CommitAsync(Tokens.Issue(Tokens.Row(), limit: 0), CancellationToken.None);

        Assert.AreEqual(CommitOutcome.CapReached, result.Outcome);
        Assert.AreEqual(0L, await database.ExecuteAsync(
            "SELECT (SELECT count(*) FROM tokenkit_token) + (SELECT count(*) FROM tokenkit_change) + (SELECT count(*) FROM tokenkit_guard)"));
    }

    [TestMethod]
    public async Task Purge_WithMoreChangesThanTokens_ForgetsAllThatAreOldEnough()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        ITokenStore store = database.OpenStore();
        await database.ExecuteAsync("""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
            INSERT INTO tokenkit_change (change_id, at) SELECT randomblob(16), i FROM n
            """);

        int removed = await store.CommitBatchAsync(Tokens.Purge(UnixMicroseconds.ToInstant(2500), limit: 10), CancellationToken.None);

        Assert.AreEqual(0, removed);
        Assert.AreEqual(1L, await database.ExecuteAsync("SELECT count(*) FROM tokenkit_change"));
    }

    // SQL Server says −1 for a batch in which no statement counts rows, and so do these for one that writes none.
    [TestMethod]
    [DataRow("SQLite")]
    [DataRow("PostgreSQL")]
    public async Task Execute_WhereNoStatementCountsRows_SaysZero(string product)
    {
        await using ITestDatabase database = await ITestDatabase.CreateAsync(product);
        SqlDatabase sql = database is PostgreSqlDatabase postgreSql ? new(postgreSql.Source, postgreSql.Dialect()) : new(((SqliteDatabase)database).Source, SqliteDatabase.Dialect());

        Assert.AreEqual(0, await sql.ExecuteAsync("count", "SELECT 1", new SqlParameters(), CancellationToken.None));
    }

    [TestMethod]
    public async Task Store_WithAnotherTablePrefix_KeepsItsTokensApart()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        var options = new DapperStoreOptions { TablePrefix = "Other_" };
        await TokenKitSchema.ForSqlite(database.Source, options).MigrateAsync();
        var other = new DapperTokenStore(new SqlDatabase(database.Source, SqliteDatabase.Dialect(options.TablePrefix)));

        StoredToken row = await other.AddAsync(Tokens.Row());

        Assert.IsNotNull(await other.FindAsync(row.Id, CancellationToken.None));
        Assert.IsNull(await database.OpenStore().FindAsync(row.Id, CancellationToken.None));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("1_")]
    [DataRow("a-b")]
    [DataRow("a\"; DROP TABLE x; --")]
    [DataRow("tokens\n")]
    [DataRow("ä_")]
    [DataRow("a123456789012345678901234567890")]
    public void TablePrefix_ThatIsNoIdentifier_IsRefused(string prefix) =>
        Assert.ThrowsExactly<ArgumentException>(() => new DapperStoreOptions { TablePrefix = prefix });

    [TestMethod]
    [DataRow("")]
    [DataRow("a.b")]
    [DataRow("a\"; DROP TABLE x; --")]
    [DataRow("a1234567890123456789012345678901234567890123456789012345678901234")]
    public void SchemaName_ThatIsNoIdentifier_IsRefused(string name) =>
        Assert.ThrowsExactly<ArgumentException>(() => new DapperStoreOptions { SchemaName = name });

    [TestMethod]
    public async Task SchemaName_OnSqlite_IsRefused()
    {
        await using var database = new SqliteDatabase();

        Assert.ThrowsExactly<ArgumentException>(() => TokenKitSchema.ForSqlite(database.Source, new DapperStoreOptions { SchemaName = "main" }));
    }
}
