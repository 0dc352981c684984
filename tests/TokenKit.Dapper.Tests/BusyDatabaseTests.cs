using System.Data.Common;
using System.Diagnostics;
using TokenKit.Stores;

namespace TokenKit.Dapper.Tests;

[TestClass]
public sealed class BusyDatabaseTests
{
    [TestMethod]
    public async Task Write_WhileAnotherConnectionHoldsTheLock_FailsAfterFiveSecondsAndReadersDoNotWait()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        ITokenStore store = database.OpenStore();
        StoredToken row = await store.AddAsync(Tokens.Row());
        await using DbConnection other = await database.Source.OpenConnectionAsync();
        await using DbTransaction transaction = await other.BeginTransactionAsync();

        var watch = Stopwatch.StartNew();
        Task<TokenStoreException> change = Task.Run(() => Assert.ThrowsExactlyAsync<TokenStoreException>(
            async () => await store.CommitAsync(Tokens.Revoke(row.Id), CancellationToken.None)));
        Task<TokenStoreException> batch = Task.Run(() => Assert.ThrowsExactlyAsync<TokenStoreException>(
            async () => await store.CommitBatchAsync(new TokenBatch.Touch([new TokenUse(row.Id, Tokens.Now)]), CancellationToken.None)));
        await Task.Delay(100);
        var reading = Stopwatch.StartNew();
        Assert.IsNotNull(await store.FindAsync(row.Id, CancellationToken.None));
        Assert.HasCount(1, (await store.ListAsync(new TokenQuery("api", SubjectFilter.Any), CancellationToken.None)).Tokens);
        reading.Stop();
        string[] failures = [(await change).Message, (await batch).Message];
        watch.Stop();

        Assert.IsLessThan(TimeSpan.FromSeconds(3), reading.Elapsed);
        Assert.IsInRange(TimeSpan.FromSeconds(4.5), TimeSpan.FromSeconds(15), watch.Elapsed);

        // Whichever of the two was first waited for the lock, the other one for its turn.
        Assert.Contains(message => message.EndsWith("another connection kept the database locked for 5 seconds.", StringComparison.Ordinal), failures);
    }

    [TestMethod]
    public async Task Write_WhenTheLockIsReleasedInTime_Succeeds()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        ITokenStore store = database.OpenStore();
        await using DbConnection other = await database.Source.OpenConnectionAsync();
        await using DbTransaction transaction = await other.BeginTransactionAsync();

        Task<StoredToken> issue = Task.Run(() => store.AddAsync(Tokens.Row()));
        await Task.Delay(300);
        await transaction.RollbackAsync();

        Assert.AreEqual(1, (await issue).Sequence);
    }

    [TestMethod]
    public async Task Write_CancelledWhileItWaitsForTheLock_EndsBeforeTheNextStatementAndLeavesNothing()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        ITokenStore store = database.OpenStore();
        using var cancellation = new CancellationTokenSource();
        await using DbConnection other = await database.Source.OpenConnectionAsync();
        await using DbTransaction transaction = await other.BeginTransactionAsync();

        Task issue = Task.Run(() => Assert.ThrowsAsync<OperationCanceledException>(
            async () => await store.CommitAsync(Tokens.Issue(Tokens.Row()), cancellation.Token)));
        await Task.Delay(300);
        await cancellation.CancelAsync();
        await transaction.RollbackAsync();
        await issue;

        Assert.AreEqual(0L, await database.ExecuteAsync("SELECT (SELECT count(*) FROM tokenkit_token) + (SELECT count(*) FROM tokenkit_change)"));
        await store.AddAsync(Tokens.Row());
    }

    [TestMethod]
    public async Task Write_BehindOthersOfTheProcess_QueuesInOrderWithoutHoldingAThread()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        ITokenStore store = database.OpenStore();
        await using DbConnection other = await database.Source.OpenConnectionAsync();
        await using DbTransaction transaction = await other.BeginTransactionAsync();
        Task<StoredToken> first = Task.Run(() => store.AddAsync(Tokens.Row()));
        await Task.Delay(100);

        // Started on this thread: each call comes back at once, although the database is locked.
        var watch = Stopwatch.StartNew();
        Task<StoredToken>[] queued = [.. Enumerable.Range(0, 20).Select(_ => store.AddAsync(Tokens.Row()))];
        watch.Stop();
        Assert.IsTrue(queued.All(task => !task.IsCompleted));
        Assert.IsLessThan(TimeSpan.FromSeconds(1), watch.Elapsed);
        await transaction.RollbackAsync();

        await first;
        long[] sequences = [.. (await Task.WhenAll(queued)).Select(row => row.Sequence)];
        CollectionAssert.AreEqual(sequences.Order().ToArray(), sequences);
    }
}
