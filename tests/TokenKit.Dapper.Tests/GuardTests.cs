using System.Collections.Concurrent;
using Npgsql;
using TokenKit.Stores;

namespace TokenKit.Dapper.Tests;

/// <summary>A purge removes the guards of subjects without tokens, and none that somebody needs.</summary>
[TestClass]
public sealed class GuardTests
{
    [TestMethod]
    public async Task Purge_OfSubjectsWithoutTokens_RemovesTheirGuardsOnly()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        ITokenStore store = database.OpenStore();
        StoredToken acting = await store.AddAsync(Tokens.Row() with { Scopes = ApiTokens.ManageScope });
        StoredToken deleted = await IssueByAsync(store, acting, "deleted");
        StoredToken purged = await IssueByAsync(store, acting, "purged");
        await IssueByAsync(store, acting, "kept");
        await store.CommitAsync(new TokenChange.Delete(Tokens.Clock, deleted.Id, "api", SubjectFilter.Any, TokenActor.Host), CancellationToken.None);
        await store.CommitAsync(Tokens.Revoke(purged.Id), CancellationToken.None);
        Assert.AreEqual("deleted, kept, purged", await GuardsAsync(database));

        // The limit is used up, so more tokens may be left: guards come last.
        Assert.AreEqual(1, await store.CommitBatchAsync(Tokens.Purge(Tokens.Now.AddDays(1), limit: 1), CancellationToken.None));
        Assert.AreEqual("deleted, kept, purged", await GuardsAsync(database));

        Assert.AreEqual(0, await store.CommitBatchAsync(Tokens.Purge(Tokens.Now.AddDays(1), limit: 1), CancellationToken.None));
        Assert.AreEqual("kept", await GuardsAsync(database));
    }

    [TestMethod]
    public async Task Purge_OfMoreGuardsThanOneStepTakes_RemovesAll()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        await database.ExecuteAsync("INSERT INTO tokenkit_guard SELECT 'api', 'user ' || i FROM generate_series(1, 2500) AS n(i)");

        await database.OpenStore().CommitBatchAsync(Tokens.Purge(Tokens.Now), CancellationToken.None);

        Assert.AreEqual(0L, await database.ExecuteAsync("SELECT count(*) FROM tokenkit_guard"));
    }

    [TestMethod]
    public async Task Guard_ThatAnIssuerHolds_IsPassedOverByAPurge()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        await database.ExecuteAsync("INSERT INTO tokenkit_guard VALUES ('api', 'held'), ('api', 'free')");
        await using Holder holder = await Holder.BeginAsync(database);
        await holder.RunAsync(database.Dialect().Tokens.LockGuard, "held");

        await database.OpenStore().CommitBatchAsync(Tokens.Purge(Tokens.Now), CancellationToken.None);

        Assert.AreEqual("held", await GuardsAsync(database));
    }

    [TestMethod]
    public async Task Guard_RemovedWhileAnIssuerWaitsForIt_IsHeldByOneAllTheSame()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        string lockGuard = database.Dialect().Tokens.LockGuard;
        await database.ExecuteAsync("INSERT INTO tokenkit_guard VALUES ('api', '1000')");
        await using Holder purge = await Holder.BeginAsync(database);
        await using Holder first = await Holder.BeginAsync(database);
        await using Holder second = await Holder.BeginAsync(database);

        // The purge has chosen the guard; the issuer finds it there and waits; the purge removes it.
        await purge.RunAsync("SELECT 1 FROM tokenkit_guard WHERE realm = @realm AND subject = @subject FOR UPDATE", "1000");
        Task waiting = first.RunAsync(lockGuard, "1000");
        await first.WaitUntilItWaitsAsync();
        await purge.RunAsync("DELETE FROM tokenkit_guard WHERE realm = @realm AND subject = @subject", "1000");
        await purge.CommitAsync();
        await waiting;

        Task behind = second.RunAsync(lockGuard, "1000");
        await second.WaitUntilItWaitsAsync();
        Assert.IsFalse(behind.IsCompleted);
        await first.CommitAsync();
        await behind;
        await second.CommitAsync();
        Assert.AreEqual("1000", await GuardsAsync(database));
    }

    [TestMethod]
    public async Task RevokeAll_BesideIssuersAndPurges_LeavesNoChildOfARevokedToken()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        ITokenStore store = database.OpenStore();
        using var done = new CancellationTokenSource();
        Task<int> purging = Task.Run(async () =>
        {
            int rounds = 0;
            for (; !done.IsCancellationRequested; rounds++)
            {
                await store.CommitBatchAsync(Tokens.Purge(Tokens.Now.AddDays(-1)), CancellationToken.None);
            }

            return rounds;
        });

        ConcurrentBag<Guid> living = [];
        await Parallel.ForEachAsync(Enumerable.Range(0, 150), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, _) =>
        {
            string subject = $"user {number}";
            StoredToken acting = await store.AddAsync(Tokens.Row(subject) with { Scopes = ApiTokens.ManageScope });
            TokenChange.Issue issue = new(Tokens.Clock, Tokens.Row(subject) with { Scopes = "" }, TokenActor.For(ApiToken.From(acting)));
            var revokeAll = new TokenChange.RevokeAll(Tokens.Clock, "api", SubjectFilter.Is(subject), TokenActor.Host);
            await Task.WhenAll(
                Task.Run(async () => await store.CommitAsync(issue, CancellationToken.None)),
                Task.Run(async () => await store.CommitAsync(revokeAll, CancellationToken.None)));
            if (await store.FindAsync(issue.Token.Id, CancellationToken.None) is { RevokedAt: null })
            {
                living.Add(issue.Token.Id);
            }
        });
        await done.CancelAsync();

        Assert.IsGreaterThan(10, await purging);
        Assert.IsEmpty(living);
    }

    private static async Task<StoredToken> IssueByAsync(ITokenStore store, StoredToken acting, string subject)
    {
        var issue = new TokenChange.Issue(Tokens.Clock, Tokens.Row(subject) with { Scopes = "" }, TokenActor.For(ApiToken.From(acting)));
        CommitResult result = await store.CommitAsync(issue, CancellationToken.None);
        Assert.AreEqual(CommitOutcome.Done, result.Outcome);
        return result.Token!;
    }

    private static Task<object?> GuardsAsync(PostgreSqlDatabase database) =>
        database.ExecuteAsync("SELECT string_agg(subject, ', ' ORDER BY subject) FROM tokenkit_guard");

    /// <summary>A transaction of the test's own.</summary>
    private sealed class Holder(PostgreSqlDatabase database, NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        public static async Task<Holder> BeginAsync(PostgreSqlDatabase database)
        {
            NpgsqlConnection connection = await database.OpenConnectionAsync();
            return new Holder(database, connection, await connection.BeginTransactionAsync());
        }

        public async Task RunAsync(string sql, string subject)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            command.Parameters.AddWithValue("realm", "api");
            command.Parameters.AddWithValue("subject", subject);
            await command.ExecuteNonQueryAsync();
        }

        public async Task WaitUntilItWaitsAsync()
        {
            for (int round = 0; round < 500; round++)
            {
                if (await database.ExecuteAsync($"SELECT 1 FROM pg_stat_activity WHERE pid = {connection.ProcessID} AND wait_event_type = 'Lock'") is not null)
                {
                    return;
                }

                await Task.Delay(10);
            }

            Assert.Fail("It does not wait.");
        }

        public Task CommitAsync() => transaction.CommitAsync();

        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
