using System.Transactions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Npgsql;
using TokenKit.Dapper.Execution;
using TokenKit.Stores;
using TokenKit.TestKit;

namespace TokenKit.Dapper.Tests;

/// <summary>Defaults of a server, a database, a role or a host that are other than the store's: it states its own, or does not start.</summary>
[TestClass]
public sealed class PostgreSqlSettingsTests
{
    [TestMethod]
    public async Task Revocations_OnAServerThatDoesNotWaitForItsLog_OutliveItsDeath()
    {
        // The server writes what nobody waits for once in ten seconds.
        await using PostgreSqlServer server = await RequiredPostgreSql.StartAsync("synchronous_commit=off", "wal_writer_delay=10000");
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync(server);
        ITokenStore store = database.OpenStore();
        List<StoredToken> rows = [];
        for (int number = 0; number < 100; number++)
        {
            rows.Add(await store.AddAsync(Tokens.Row()));
        }

        foreach (StoredToken row in rows)
        {
            Assert.AreEqual(CommitOutcome.Done, (await store.CommitAsync(Tokens.Revoke(row.Id), CancellationToken.None)).Outcome);
        }

        await server.KillAsync();
        await server.StartAgainAsync();

        Assert.AreEqual(0L, await store.CountAsync("api", SubjectFilter.Any, CancellationToken.None));
        Assert.AreEqual(100L, await database.ExecuteAsync("SELECT count(*) FROM tokenkit_token WHERE revoked_at IS NOT NULL"));
    }

    [TestMethod]
    [DataRow("off", "on")]
    [DataRow("local", "on")]
    [DataRow("remote_write", "on")]
    [DataRow("on", "on")]
    [DataRow("remote_apply", "remote_apply")]
    public async Task Changes_WhateverTheRoleAsksFor_AreReadCommittedAndDurable(string asked, string kept)
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        await WatchWritesAsync(database);
        await using NpgsqlDataSource source = database.OpenAnotherSource(
            $"-c default_transaction_isolation=serializable -c default_transaction_read_only=on -c synchronous_commit={asked}");
        var store = new DapperTokenStore(new SqlDatabase(source, database.Dialect()));
        await ChangeEverythingAsync(store);
        Assert.AreEqual(kept, await database.ExecuteAsync("SELECT string_agg(DISTINCT durability, ', ') FROM seen"));

        // A crash that brings ended tokens back, or forgets a use, does no harm. Neither is waited for.
        StoredToken row = await store.AddAsync(Tokens.Row("another"));
        TokenBatch.Purge purge = new(new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Tokens.Now.AddDays(1)), Tokens.Now.AddHours(1));
        Assert.AreEqual(1, await store.CommitBatchAsync(purge, CancellationToken.None));
        Assert.AreEqual(1, await store.CommitBatchAsync(new TokenBatch.Touch([new TokenUse(row.Id, Tokens.Now)]), CancellationToken.None));
        Assert.AreEqual("read committed", await database.ExecuteAsync("SELECT string_agg(DISTINCT isolation, ', ') FROM seen"));
        Assert.AreEqual("change DELETE, change INSERT, guard DELETE, guard INSERT, token DELETE, token INSERT, token UPDATE", await database.ExecuteAsync(
            "SELECT string_agg(what, ', ' ORDER BY what) FROM (SELECT DISTINCT what FROM seen) AS kinds"));
    }

    [TestMethod]
    public async Task Changes_InATransactionOfTheHost_AreNoPartOfIt()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        ITokenStore store = database.OpenStore();
        StoredToken row = await store.AddAsync(Tokens.Row());

        await database.ExecuteAsync("CREATE TABLE host (done integer)");
        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            // On the data source that the store has too, so that the next connection is the one with this transaction.
            await using (NpgsqlCommand own = database.Source.CreateCommand("INSERT INTO host VALUES (1)"))
            {
                await own.ExecuteNonQueryAsync();
            }

            Assert.AreEqual(CommitOutcome.Done, (await store.CommitAsync(Tokens.Revoke(row.Id), CancellationToken.None)).Outcome);
            Assert.IsNotNull((await store.FindAsync(row.Id, CancellationToken.None))!.RevokedAt);
            Assert.AreEqual(1, await store.CommitBatchAsync(new TokenBatch.Touch([new TokenUse(row.Id, Tokens.Now)]), CancellationToken.None));
            Assert.IsTrue((await store.CheckAsync(CancellationToken.None)).IsUsable);
        }

        StoredToken left = (await store.FindAsync(row.Id, CancellationToken.None))!;
        Assert.IsNotNull(left.RevokedAt);
        Assert.IsNotNull(left.LastUsedAt);
        Assert.AreEqual(0L, await database.ExecuteAsync("SELECT count(*) FROM host"), "Nor has the store committed what the host rolls back.");
    }

    [TestMethod]
    [DataRow("WIN1252")]
    [DataRow("EUC_JP")]
    [DataRow("SQL_ASCII")]
    public async Task Host_OnADatabaseOfAnotherEncoding_DoesNotStartAndSaysSo(string encoding)
    {
        PostgreSqlServer server = await RequiredPostgreSql.Shared;
        string name = $"other_{Guid.NewGuid():N}";
        await using var admin = NpgsqlDataSource.Create($"{server.ConnectionString};Pooling=false");
        await using (NpgsqlCommand create = admin.CreateCommand($"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0"))
        {
            await create.ExecuteNonQueryAsync();
        }

        await using (var source = NpgsqlDataSource.Create($"{server.ConnectionString};Database={name};Pooling=false"))
        {
            foreach (bool migrates in (bool[])[true, false])
            {
                InvalidOperationException failure = await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => StartAsync(source, options => options.MigrateAtStart = migrates));
                Assert.Contains($"The encoding of the database is {encoding}. TokenKit needs a database that is created with ENCODING 'UTF8'", failure.Message);
            }
        }

        await using NpgsqlCommand drop = admin.CreateCommand($"DROP DATABASE {name}");
        await drop.ExecuteNonQueryAsync();
    }

    [TestMethod]
    public async Task Host_WhoseSearchPathSelectsNoSchema_DoesNotStartAndNamesIt()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateEmptyAsync();
        await using var source = NpgsqlDataSource.Create($"{database.Address};Search Path=nowhere");

        InvalidOperationException failure = await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => StartAsync(source, options => options.MigrateAtStart = true));

        Assert.StartsWith("The search_path of the connection is 'nowhere' and selects no schema", failure.Message);
        await StartAsync(source, options => (options.MigrateAtStart, options.SchemaName) = (true, database.Options.SchemaName));
    }

    [TestMethod]
    public async Task Sequence_ThatStartsAgain_IsNamedAtStartAndInHealthWithWhatMendsIt()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        ITokenStore store = database.OpenStore();
        for (int number = 0; number < 5; number++)
        {
            await store.AddAsync(Tokens.Row());
        }

        Assert.IsFalse((await store.CheckAsync(CancellationToken.None)).IsDegraded);
        await database.ExecuteAsync("ALTER TABLE tokenkit_token ALTER COLUMN sequence RESTART");

        StoreStatus status = await store.CheckAsync(CancellationToken.None);
        Assert.IsTrue(status is { IsUsable: true, IsDegraded: true });
        string table = $"\"{database.Options.SchemaName}\".\"tokenkit_token\"";
        string mend = $"ALTER TABLE {table} ALTER COLUMN sequence RESTART WITH 1000005;";
        Assert.AreEqual($"The next number of a row in {table} is 1, but a row has 5 already: lists in the order of insertion show new tokens among old ones. Run: {mend}", status.Description);
        using (var logs = new FakeLoggerProvider())
        {
            await StartAsync(database.Source, options => options.SchemaName = database.Options.SchemaName, logs);
            Assert.Contains(line => line.Id.Id == 2002 && line.Message == status.Description, logs.Collector.GetSnapshot());
        }

        // Some tokens later it still is behind.
        await store.AddAsync(Tokens.Row());
        Assert.IsTrue((await store.CheckAsync(CancellationToken.None)).IsDegraded);

        await database.ExecuteAsync(mend);
        Assert.IsFalse((await store.CheckAsync(CancellationToken.None)).IsDegraded);
        Assert.AreEqual(1_000_005L, (await store.AddAsync(Tokens.Row())).Sequence);
        Assert.IsFalse((await store.CheckAsync(CancellationToken.None)).IsDegraded);
    }

    [TestMethod]
    public async Task List_WhereNumbersWereGivenTwice_HasEveryToken()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        ITokenStore store = database.OpenStore();
        List<StoredToken> rows = [];
        for (int number = 0; number < 9; number++)
        {
            if (number % 3 == 0)
            {
                await database.ExecuteAsync("ALTER TABLE tokenkit_token ALTER COLUMN sequence RESTART");
            }

            rows.Add(await store.AddAsync(Tokens.Row()));
        }

        for (int limit = 1; limit <= 9; limit++)
        {
            var query = new TokenQuery("api", SubjectFilter.Is("1000")) { Order = TokenOrder.Inserted, Limit = limit };
            List<Guid> listed = [];
            for (TokenPage? page = null; page is null or { HasMore: true };)
            {
                page = await store.ListAsync(query, CancellationToken.None);
                listed.AddRange(page.Tokens.Select(row => row.Id));
                query = query with { After = new TokenPosition(page.Tokens[^1].CreatedAt, page.Tokens[^1].Id, page.Tokens[^1].Sequence) };
            }

            Assert.AreSequenceEqual(rows.OrderBy(row => row.Sequence).ThenBy(row => row.Id).Select(row => row.Id), listed, $"pages of {limit}");
        }
    }

    // With a refused port, SqlClient spends its whole connect time-out on an attempt.
    [TestMethod]
    public async Task Call_OfADriverThatTakesLongToFindNoServer_IsNotRepeated()
    {
        await using var source = new SlowSource(TimeSpan.FromSeconds(2));
        DapperTokenStore store = StoreOn(source);

        await Assert.ThrowsExactlyAsync<TokenStoreException>(async () => await store.FindAsync(Guid.NewGuid(), CancellationToken.None));
        await Assert.ThrowsExactlyAsync<TokenStoreException>(async () => await store.CommitAsync(Tokens.Revoke(Guid.NewGuid()), CancellationToken.None));

        Assert.AreEqual(2, source.Attempts);
    }

    [TestMethod]
    public async Task EveryCall_WhateverItsDriverThrows_EndsWithAFailureOfTheStore()
    {
        Func<Exception>[] failures =
        [
            () => new NotSupportedException("x"), () => new OperationCanceledException("x"), () => new KeyNotFoundException("x"), () => new FormatException("x"),
            () => new ArgumentNullException("x"), () => new AggregateException("x"),
        ];
        foreach (Func<Exception> failure in failures)
        {
            await using var source = new SlowSource(TimeSpan.Zero, failure);
            DapperTokenStore store = StoreOn(source);
            Func<Task>[] calls =
            [
                async () => await store.FindAsync(Guid.NewGuid(), CancellationToken.None),
                async () => await store.ListAsync(new TokenQuery("api", SubjectFilter.Any), CancellationToken.None),
                async () => await store.CountAsync("api", SubjectFilter.Any, CancellationToken.None),
                async () => await store.CommitAsync(Tokens.Revoke(Guid.NewGuid()), CancellationToken.None),
                async () => await store.CommitBatchAsync(Tokens.Purge(Tokens.Now), CancellationToken.None),
                async () => await store.CheckAsync(CancellationToken.None),
                () => store.ProveAtStartAsync(CancellationToken.None),
            ];
            foreach (Func<Task> call in calls)
            {
                TokenStoreException thrown = await Assert.ThrowsExactlyAsync<TokenStoreException>(call);
                Assert.IsInstanceOfType(thrown.InnerException, failure().GetType());
            }
        }
    }

    private static DapperTokenStore StoreOn(System.Data.Common.DbDataSource source) => new(new SqlDatabase(
        source, new TokenKit.Dapper.Dialects.PostgreSql.PostgreSqlDialect(new TokenKit.Dapper.Dialects.TableNames("tokenkit_"))));

    /// <summary>Makes every kind of change.</summary>
    private static async Task ChangeEverythingAsync(DapperTokenStore store)
    {
        StoredToken acting = await store.AddAsync(Tokens.Row() with { Scopes = ApiTokens.ManageScope });
        var actor = TokenActor.For(ApiToken.From(acting));
        TokenChange.Issue child = new(Tokens.Clock, Tokens.Row() with { Scopes = "" }, actor);
        TokenChange[] changes =
        [
            child,
            new TokenChange.Update(Tokens.Clock, child.Token, actor) { Name = "renamed" },
            Tokens.Revoke(child.Token.Id),
            new TokenChange.Delete(Tokens.Clock, child.Token.Id, "api", SubjectFilter.Any, actor),
            new TokenChange.RevokeAll(Tokens.Clock, "api", SubjectFilter.Is(acting.Subject), TokenActor.Host),
        ];
        foreach (TokenChange change in changes)
        {
            Assert.AreEqual(CommitOutcome.Done, (await store.CommitAsync(change, CancellationToken.None)).Outcome, change.GetType().Name);
        }
    }

    /// <summary>Writes down with what settings each statement writes.</summary>
    private static Task<object?> WatchWritesAsync(PostgreSqlDatabase database) => database.ExecuteAsync("""
        CREATE TABLE seen (what text, isolation text, durability text);
        CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO seen VALUES (
                substr(TG_TABLE_NAME, 10) || ' ' || TG_OP, current_setting('transaction_isolation'), current_setting('synchronous_commit'));
            RETURN NULL;
        END
        $$;
        CREATE TRIGGER see AFTER INSERT OR UPDATE OR DELETE ON tokenkit_token FOR EACH ROW EXECUTE FUNCTION see();
        CREATE TRIGGER see AFTER INSERT OR UPDATE OR DELETE ON tokenkit_change FOR EACH ROW EXECUTE FUNCTION see();
        CREATE TRIGGER see AFTER INSERT OR UPDATE OR DELETE ON tokenkit_guard FOR EACH ROW EXECUTE FUNCTION see();
        """);

    private static async Task StartAsync(NpgsqlDataSource source, Action<DapperStoreOptions> configure, ILoggerProvider? logs = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        if (logs is not null)
        {
            builder.Logging.AddProvider(logs);
        }

        builder.Services.AddLogging().AddTokenKit().UsePostgreSql(source, configure).AddRealm("api", realm => realm.Prefix = "acme");
        using IHost host = builder.Build();
        await host.StartAsync();
        await host.StopAsync();
    }

    /// <summary>The data source of a driver that finds no server.</summary>
    private sealed class SlowSource(TimeSpan connectTimeout, Func<Exception>? failure = null) : System.Data.Common.DbDataSource
    {
        public int Attempts { get; private set; }

        public override string ConnectionString => "";

        protected override System.Data.Common.DbConnection CreateDbConnection() => throw new NotSupportedException();

        protected override async ValueTask<System.Data.Common.DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default)
        {
            Attempts++;
            await Task.Delay(connectTimeout, cancellationToken);
            throw failure?.Invoke() ?? new NpgsqlException("No server.", new System.Net.Sockets.SocketException());
        }
    }
}
