using Microsoft.Data.Sqlite;
using TokenKit.Dapper.Execution;
using TokenKit.Stores;

namespace TokenKit.Dapper.Tests;

[TestClass]
public sealed class BrokenDatabaseTests
{
    [TestMethod]
    public async Task Write_ToAReadOnlyDatabase_FailsAndReadsWork()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        StoredToken row = await database.OpenStore().AddAsync(Tokens.Row());
        await using System.Data.Common.DbDataSource readOnly = SqliteFactory.Instance.CreateDataSource($"Data Source={database.File};Mode=ReadOnly");
        var store = new DapperTokenStore(new SqlDatabase(readOnly, SqliteDatabase.Dialect()));

        Assert.IsNotNull(await store.FindAsync(row.Id, CancellationToken.None));
        TokenStoreException failure = await Assert.ThrowsExactlyAsync<TokenStoreException>(
            async () => await store.CommitAsync(Tokens.Revoke(row.Id), CancellationToken.None));

        Assert.AreEqual("The token store could not change a token: the database file, the file -wal or -shm beside it, or their directory cannot be written; those two may belong to another user.", failure.Message);
        Assert.IsInstanceOfType<SqliteException>(failure.InnerException);
    }

    [TestMethod]
    public async Task EveryCall_WithoutTables_SaysThatThereAreNone()
    {
        await using var database = new SqliteDatabase();
        ITokenStore store = database.OpenStore();

        Func<Task>[] calls =
        [
            async () => await store.FindAsync(Guid.NewGuid(), CancellationToken.None),
            async () => await store.ListAsync(new TokenQuery("api", SubjectFilter.Any), CancellationToken.None),
            async () => await store.CommitAsync(Tokens.Issue(Tokens.Row()), CancellationToken.None),
            async () => await store.CommitBatchAsync(Tokens.Purge(Tokens.Now), CancellationToken.None),
        ];
        foreach (Func<Task> call in calls)
        {
            TokenStoreException failure = await Assert.ThrowsExactlyAsync<TokenStoreException>(call);
            Assert.Contains("the database has no TokenKit tables; create them with TokenKitSchema.MigrateAsync", failure.Message);
        }
    }

    [TestMethod]
    public async Task Read_OfAFileThatIsNoDatabase_Fails()
    {
        await using var database = new SqliteDatabase();
        await File.WriteAllTextAsync(database.File, new string('x', 8192));

        TokenStoreException failure = await Assert.ThrowsExactlyAsync<TokenStoreException>(
            async () => await database.OpenStore().FindAsync(Guid.NewGuid(), CancellationToken.None));

        Assert.AreEqual("The token store could not read a token: the file is not an SQLite database.", failure.Message);
    }

    [TestMethod]
    public async Task Read_OfADamagedDatabase_FailsInsteadOfFindingNothing()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        StoredToken row = await database.OpenStore().AddAsync(Tokens.Row());
        await database.ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        SqliteConnection.ClearAllPools();
        byte[] bytes = await File.ReadAllBytesAsync(database.File);
        bytes.AsSpan(4096).Fill(0xA5);
        await File.WriteAllBytesAsync(database.File, bytes);

        TokenStoreException failure = await Assert.ThrowsExactlyAsync<TokenStoreException>(
            async () => await database.OpenStore().FindAsync(row.Id, CancellationToken.None));

        Assert.AreEqual("The token store could not read a token: the database file is damaged.", failure.Message);
    }

    [TestMethod]
    public async Task Open_OfADirectoryThatIsNotThere_Fails()
    {
        await using System.Data.Common.DbDataSource nowhere = SqliteDatabase.SourceOf(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString(), "tokens.db"));
        var store = new DapperTokenStore(new SqlDatabase(nowhere, SqliteDatabase.Dialect()));

        TokenStoreException failure = await Assert.ThrowsExactlyAsync<TokenStoreException>(
            async () => await store.FindAsync(Guid.NewGuid(), CancellationToken.None));

        Assert.AreEqual("The token store could not read a token: the database file cannot be opened.", failure.Message);
    }

    [TestMethod]
    public async Task Read_OfARowThatTheLibraryDidNotWrite_Fails()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        StoredToken row = await database.OpenStore().AddAsync(Tokens.Row());
        await database.ExecuteAsync($"UPDATE tokenkit_token SET created_at = {long.MaxValue}");

        await Assert.ThrowsExactlyAsync<TokenStoreException>(async () => await database.OpenStore().FindAsync(row.Id, CancellationToken.None));
    }

    [TestMethod]
    public async Task EveryCall_Cancelled_IsCancelledAndChangesNothing()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        ITokenStore store = database.OpenStore();
        StoredToken row = await store.AddAsync(Tokens.Row());
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(async () => await store.FindAsync(row.Id, cancelled.Token));
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await store.ListAsync(new TokenQuery("api", SubjectFilter.Any), cancelled.Token));
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await store.CommitAsync(Tokens.Revoke(row.Id), cancelled.Token));
        await Assert.ThrowsAsync<OperationCanceledException>(
            async () => await store.CommitBatchAsync(Tokens.Purge(DateTimeOffset.MaxValue), cancelled.Token));

        Assert.IsNull((await store.FindAsync(row.Id, CancellationToken.None))!.RevokedAt);
    }
}
