using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using TokenKit.Dapper.Execution;
using TokenKit.Stores;
using TokenKit.TestKit;

namespace TokenKit.Dapper.Tests;

/// <summary>What a server really does to its clients: it stops, ends their sessions, keeps rows locked and chooses victims.</summary>
[TestClass]
public sealed class PostgreSqlFailureTests
{
    [TestMethod]
    public async Task EveryCall_AfterItsConnectionsWereEnded_IsDoneOnAnother()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        ITokenStore store = database.OpenStore();
        StoredToken row = await store.AddAsync(Tokens.Row());
        Func<Task>[] calls =
        [
            async () => Assert.IsNotNull(await store.FindAsync(row.Id, CancellationToken.None)),
            async () => Assert.HasCount(1, (await store.ListAsync(new TokenQuery("api", SubjectFilter.Any), CancellationToken.None)).Tokens),
            async () => Assert.AreEqual(1, await store.CommitBatchAsync(new TokenBatch.Touch([new TokenUse(row.Id, Tokens.Now)]), CancellationToken.None)),
            async () => Assert.AreEqual(CommitOutcome.Done, (await store.CommitAsync(Tokens.Revoke(row.Id), CancellationToken.None)).Outcome),
        ];

        foreach (Func<Task> call in calls)
        {
            await EndSessionsAsync(database);
            await call();
        }
    }

    [TestMethod]
    public async Task Change_WhoseSessionEndsWhileItWaits_IsMadeOnce()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        ITokenStore store = database.OpenStore();
        StoredToken row = await store.AddAsync(Tokens.Row());
        await using NpgsqlConnection other = await database.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await LockAsync(other, row);

        Task<CommitResult> revocation = store.CommitAsync(Tokens.Revoke(row.Id), CancellationToken.None).AsTask();
        await WaitForTheLockAsync(database);
        await EndSessionsAsync(database, "wait_event_type = 'Lock'");
        await WaitForTheLockAsync(database);
        await transaction.RollbackAsync();

        Assert.AreEqual(2, (await revocation).Token!.Version);
    }

    [TestMethod]
    public async Task Changes_WhileSessionsEndAllTheTime_AreMadeOnceEach()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        ITokenStore store = database.OpenStore();
        using var done = new CancellationTokenSource();
        Task<int> ending = Task.Run(async () =>
        {
            int ended = 0;
            while (!done.IsCancellationRequested)
            {
                ended += await EndSessionsAsync(database);
                await Task.Delay(3);
            }

            return ended;
        });

        ConcurrentBag<Guid> ids = [];
        await Parallel.ForEachAsync(Enumerable.Range(0, 150), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, _) =>
        {
            TokenChange.Issue issue = Tokens.Issue(Tokens.Row(uniqueName: $"name {number}"), limit: int.MaxValue);
            CommitResult result = await RepeatAsync(store, issue);
            Assert.AreEqual(CommitOutcome.Done, result.Outcome, "A change that was made before its answer was lost is not taken for another one.");
            Assert.AreEqual(CommitOutcome.Done, (await RepeatAsync(store, Tokens.Revoke(issue.Token.Id))).Outcome);
            ids.Add(issue.Token.Id);
        });
        await done.CancelAsync();

        Assert.IsGreaterThan(10, await ending, "Sessions were ended.");
        Assert.HasCount(150, ids);
        Assert.AreEqual(150L, await database.ExecuteAsync("SELECT count(*) FROM tokenkit_token WHERE version = 2 AND revoked_at IS NOT NULL"));
        Assert.AreEqual(300L, await database.ExecuteAsync("SELECT count(*) FROM tokenkit_change"));
    }

    [TestMethod]
    public async Task Change_ChosenAsTheVictimOfADeadlock_IsDoneAgain()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        StoredToken[] rows = [.. new[] { Tokens.Row(), Tokens.Row() }.OrderBy(row => row.Id)];
        (StoredToken first, StoredToken second) = (await database.OpenStore().AddAsync(rows[0]), await database.OpenStore().AddAsync(rows[1]));

        // The store has the first row and waits for the second. It looks for a deadlock when there is one for sure, and the other not before
        // it has: so it is the one to notice, and to give way.
        await using NpgsqlDataSource source = database.OpenAnotherSource("-c deadlock_timeout=4s");
        await using NpgsqlConnection other = await database.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await LockAsync(other, second);
        await using (var patience = new NpgsqlCommand("SET LOCAL deadlock_timeout = '1min'", other))
        {
            await patience.ExecuteNonQueryAsync();
        }

        TokenBatch touch = new TokenBatch.Touch([new TokenUse(second.Id, Tokens.Now), new TokenUse(first.Id, Tokens.Now)]);
        Task<int> batch = new DapperTokenStore(new SqlDatabase(source, database.Dialect())).CommitBatchAsync(touch, CancellationToken.None).AsTask();
        await WaitForTheLockAsync(database, "another node");
        await LockRowAsync(other, first);
        await transaction.RollbackAsync();

        Assert.AreEqual(2, await batch);
    }

    [TestMethod]
    public async Task Batches_WhereEverySessionIsSerializable_AreDoneAgainWhenTheyCollide()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        StoredToken row = await database.OpenStore().AddAsync(Tokens.Row());
        await using NpgsqlDataSource source = database.OpenAnotherSource("-c default_transaction_isolation=serializable");
        var store = new DapperTokenStore(new SqlDatabase(source, database.Dialect()));
        await using NpgsqlConnection other = await database.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await LockAsync(other, row);
        await using (var use = new NpgsqlCommand($"UPDATE tokenkit_token SET last_used_at = 1 WHERE id = '\\x{row.Id:N}'", other))
        {
            await use.ExecuteNonQueryAsync();
        }

        Task<int> batch = store.CommitBatchAsync(new TokenBatch.Touch([new TokenUse(row.Id, Tokens.Now)]), CancellationToken.None).AsTask();
        await WaitForTheLockAsync(database, "another node");
        await transaction.CommitAsync();

        Assert.AreEqual(1, await batch);
    }

    [TestMethod]
    public async Task Change_OfARowThatStaysLocked_FailsAfterTenSecondsAndReadersDoNotWait()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        ITokenStore store = database.OpenStore();
        StoredToken row = await store.AddAsync(Tokens.Row());
        await using NpgsqlConnection other = await database.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await LockAsync(other, row);

        var watch = Stopwatch.StartNew();
        Task<TokenStoreException> change = Assert.ThrowsExactlyAsync<TokenStoreException>(
            async () => await store.CommitAsync(Tokens.Revoke(row.Id), CancellationToken.None));
        await WaitForTheLockAsync(database);
        Assert.IsNotNull(await store.FindAsync(row.Id, CancellationToken.None));
        Assert.IsLessThan(TimeSpan.FromSeconds(9), watch.Elapsed);

        Assert.AreEqual("The token store could not change a token: the database did not answer in time.", (await change).Message);
        Assert.IsInRange(TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(20), watch.Elapsed);
    }

    [TestMethod]
    public async Task Change_CancelledWhileItWaits_EndsAtOnceAndLeavesNothing()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        ITokenStore store = database.OpenStore();
        StoredToken row = await store.AddAsync(Tokens.Row());
        await using NpgsqlConnection other = await database.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await LockAsync(other, row);
        using var cancellation = new CancellationTokenSource();

        Task change = Assert.ThrowsAsync<OperationCanceledException>(async () => await store.CommitAsync(Tokens.Revoke(row.Id), cancellation.Token));
        await WaitForTheLockAsync(database);
        var watch = Stopwatch.StartNew();
        await cancellation.CancelAsync();
        await change;

        Assert.IsLessThan(TimeSpan.FromSeconds(5), watch.Elapsed);
        await transaction.RollbackAsync();
        Assert.IsNull((await store.FindAsync(row.Id, CancellationToken.None))!.RevokedAt);
        Assert.AreEqual(1L, await database.ExecuteAsync("SELECT count(*) FROM tokenkit_change"));
    }

    [TestMethod]
    public async Task Read_ThatTheServerGivesUpAsTooSlow_FailsInsteadOfFindingNothing()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        StoredToken row = await database.OpenStore().AddAsync(Tokens.Row());
        await using NpgsqlDataSource impatient = database.OpenAnotherSource("-c statement_timeout=200");
        await using NpgsqlConnection other = await database.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await LockTableAsync(other);

        TokenStoreException failure = await Assert.ThrowsExactlyAsync<TokenStoreException>(
            async () => await new DapperTokenStore(new SqlDatabase(impatient, database.Dialect())).FindAsync(row.Id, CancellationToken.None));

        Assert.AreEqual("The token store could not read a token: the database gave the statement up as too slow.", failure.Message);
    }

    [TestMethod]
    public async Task Read_OfATableThatStaysLocked_FailsAfterTheTimeOfTheConnectionString()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        StoredToken row = await database.OpenStore().AddAsync(Tokens.Row());
        await using var impatient = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(database.Source.ConnectionString) { CommandTimeout = 1 });
        await using NpgsqlConnection other = await database.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await LockTableAsync(other);

        var watch = Stopwatch.StartNew();
        TokenStoreException failure = await Assert.ThrowsExactlyAsync<TokenStoreException>(
            async () => await new DapperTokenStore(new SqlDatabase(impatient, database.Dialect())).FindAsync(row.Id, CancellationToken.None));

        Assert.AreEqual("The token store could not read a token: the database did not answer in time.", failure.Message);
        Assert.IsInRange(TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(8), watch.Elapsed);
    }

    [TestMethod]
    public async Task Server_StoppedAndStarted_IsUnavailableMeanwhileAndNothingIsForgotten()
    {
        await using PostgreSqlServer server = await RequiredPostgreSql.StartAsync();
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync(server);
        using IHost host = await StartHostAsync(database);
        ApiTokens tokens = host.Services.GetRequiredService<ApiTokens>();
        var kept = (IssueResult.Issued)await tokens.IssueAsync(new IssueRequest("api") { Subject = "1000", Name = "kept" });
        var revoked = (IssueResult.Issued)await tokens.IssueAsync(new IssueRequest("api") { Subject = "1000", Name = "revoked" });
        await tokens.RevokeAsync("api", revoked.Token.Id, SubjectFilter.Any);
        Assert.IsInstanceOfType<VerificationResult.Valid>(await tokens.VerifyAsync("api", kept.Plaintext.Reveal()));

        await server.StopAsync();
        VerificationResult[] meanwhile = [await tokens.VerifyAsync("api", kept.Plaintext.Reveal()), await tokens.VerifyAsync("api", revoked.Plaintext.Reveal())];
        TokenStoreException failure = await Assert.ThrowsExactlyAsync<TokenStoreException>(() => tokens.IssueAsync(new IssueRequest("api") { Subject = "1000", Name = "lost" }));
        await server.StartAgainAsync();

        Assert.IsTrue(Array.TrueForAll(meanwhile, result => result is VerificationResult.Unavailable), string.Join(", ", meanwhile.AsEnumerable()));
        Assert.AreEqual("The token store could not change a token: the connection to the database server was lost or could not be made.", failure.Message);
        Assert.IsInstanceOfType<VerificationResult.Valid>(await tokens.VerifyAsync("api", kept.Plaintext.Reveal()));
        Assert.AreEqual(RefusalReason.Revoked, ((VerificationResult.Refused)await tokens.VerifyAsync("api", revoked.Plaintext.Reveal())).Reason);
        await host.StopAsync();
    }

    [TestMethod]
    public async Task Call_WhileTheServerRestartsQuickly_IsAnsweredAfterwards()
    {
        await using PostgreSqlServer server = await RequiredPostgreSql.StartAsync();
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync(server);
        ITokenStore store = database.OpenStore();
        StoredToken row = await store.AddAsync(Tokens.Row());
        int found = 0;
        int failed = 0;
        using var done = new CancellationTokenSource();
        var reading = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                try
                {
                    Assert.IsNotNull(await store.FindAsync(row.Id, CancellationToken.None));
                    found++;
                }
                catch (TokenStoreException)
                {
                    failed++;
                }
            }
        });

        await server.StopAsync();
        await server.StartAgainAsync();
        int foundBefore = found;
        await store.AddAsync(Tokens.Row());
        await Task.Delay(200);
        await done.CancelAsync();
        await reading;

        Assert.IsGreaterThan(foundBefore, found);
        Assert.IsLessThan(50, failed, "A call that cannot succeed yet does not fail at once, again and again.");
    }

    private static async Task<CommitResult> RepeatAsync(ITokenStore store, TokenChange change)
    {
        for (int round = 0; ; round++)
        {
            try
            {
                return await store.CommitAsync(change, CancellationToken.None);
            }
            catch (TokenStoreException) when (round < 50)
            {
                // What became of it is unknown; repeating it settles that.
            }
        }
    }

    private static async Task<IHost> StartHostAsync(PostgreSqlDatabase database)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddLogging().AddTokenKit()
            .UsePostgreSql(database.Source, options => options.SchemaName = database.Options.SchemaName)
            .AddRealm("api", realm => realm.Prefix = "acme");
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static async Task<NpgsqlTransaction> LockAsync(NpgsqlConnection connection, StoredToken row)
    {
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await LockRowAsync(connection, row);
        return transaction;
    }

    private static async Task LockRowAsync(NpgsqlConnection connection, StoredToken row)
    {
        await using var command = new NpgsqlCommand($"SELECT id FROM tokenkit_token WHERE id = '\\x{row.Id:N}' FOR UPDATE", connection);
        await command.ExecuteScalarAsync();
    }

    /// <summary>Ends the sessions of the store.</summary>
    private static async Task<int> EndSessionsAsync(PostgreSqlDatabase database, string condition = "true") => (int)(long)(await database.ExecuteAsync(
        $"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '{database.Options.SchemaName}' AND {condition}"))!;

    internal static Task WaitForTheLockAsync(PostgreSqlDatabase database) => WaitForTheLockAsync(database, database.Options.SchemaName!);

    /// <summary>Keeps everybody from the tokens, readers included, until the transaction ends.</summary>
    private static async Task<NpgsqlTransaction> LockTableAsync(NpgsqlConnection connection)
    {
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await using var lockTable = new NpgsqlCommand("LOCK TABLE tokenkit_token IN ACCESS EXCLUSIVE MODE", connection);
        await lockTable.ExecuteNonQueryAsync();
        return transaction;
    }

    /// <summary>Waits until a session of the application waits for a lock.</summary>
    private static async Task WaitForTheLockAsync(PostgreSqlDatabase database, string application)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(5); await Task.Delay(20))
        {
            if (await database.ExecuteAsync($"SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = '{application}'") is not null)
            {
                return;
            }
        }

        Assert.Fail("Nobody waits for a lock.");
    }
}
