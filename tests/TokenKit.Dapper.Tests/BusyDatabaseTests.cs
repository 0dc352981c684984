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
        TokenStoreException failure = await change;
        await batch;
        watch.Stop();

        Assert.IsLessThan(TimeSpan.FromSeconds(1), reading.Elapsed);
        Assert.IsInRange(TimeSpan.FromSeconds(4.5), TimeSpan.FromSeconds(8), watch.Elapsed);
        Assert.AreEqual("The token store could not change a token: another connection kept the database locked for 5 seconds.", failure.Message);
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
}
