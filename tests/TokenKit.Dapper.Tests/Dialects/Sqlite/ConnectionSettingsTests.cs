using System.Data.Common;
using TokenKit.Dapper.Execution;
using TokenKit.Stores;

namespace TokenKit.Dapper.Tests.Dialects.Sqlite;

[TestClass]
public sealed class ConnectionSettingsTests
{
    [TestMethod]
    public async Task PooledConnection_SetOtherwiseByTheHost_IsDurableAndWaitsForFiveSeconds()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        await database.ExecuteAsync("PRAGMA synchronous = OFF; PRAGMA busy_timeout = 0");
        Assert.AreEqual(0L, await database.ExecuteAsync("PRAGMA synchronous"), "The pool gives the same physical connection again.");

        (object? synchronous, object? timeout) = await new SqlDatabase(database.Source, SqliteDatabase.Dialect()).ReadAsync(
            "read its settings",
            async session => (await session.ReadValueAsync("PRAGMA synchronous"), await session.ReadValueAsync("PRAGMA busy_timeout")),
            CancellationToken.None);

        Assert.AreEqual(2L, synchronous);
        Assert.AreEqual(5000L, timeout);
    }

    [TestMethod]
    public async Task Database_OnceMigrated_KeepsAWriteAheadLog()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();

        Assert.AreEqual("wal", await database.ExecuteAsync("PRAGMA journal_mode"));
    }

    [TestMethod]
    public async Task Database_ThatLostItsWriteAheadLog_HasItAgainOnceMigrated()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        Assert.AreEqual("delete", await database.ExecuteAsync("PRAGMA journal_mode = DELETE"));

        await database.Schema.MigrateAsync();

        Assert.AreEqual("wal", await database.ExecuteAsync("PRAGMA journal_mode"));
    }

    [TestMethod]
    public async Task PooledConnection_AfterARefusedChange_HasNoTransaction()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        ITokenStore store = database.OpenStore();
        await store.AddAsync(Tokens.Row(uniqueName: "ci"));

        await store.CommitAsync(Tokens.Issue(Tokens.Row(uniqueName: "ci")), CancellationToken.None);
        await store.CommitAsync(Tokens.Revoke(Guid.NewGuid()), CancellationToken.None);

        await using DbConnection connection = await database.Source.OpenConnectionAsync();
        await using DbTransaction transaction = await connection.BeginTransactionAsync();
        await transaction.CommitAsync();
    }
}
