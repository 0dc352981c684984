using Microsoft.Data.Sqlite;
using TokenKit.Dapper.Schema;
using TokenKit.Stores;

namespace TokenKit.Dapper.Tests.Schema;

[TestClass]
public sealed class TokenKitSchemaTests
{
    [TestMethod]
    public async Task Check_BeforeAndAfterMigrate_SaysMissingThenCurrent()
    {
        await using var database = new SqliteDatabase();

        SchemaStatus before = await database.Schema.CheckAsync();
        await database.Schema.MigrateAsync();
        SchemaStatus after = await database.Schema.CheckAsync();

        Assert.AreEqual((SchemaState.Missing, 0), (before.State, before.Version));
        Assert.AreEqual((SchemaState.Current, after.NeededVersion), (after.State, after.Version));
        Assert.AreEqual(0L, await CountTablesAsync(database, "NOT LIKE 'tokenkit%' AND name <> 'sqlite_sequence'"));
    }

    [TestMethod]
    public async Task Check_OfAnEmptyDatabase_CreatesNothing()
    {
        await using var database = new SqliteDatabase();

        await database.Schema.CheckAsync();

        Assert.AreEqual(0L, await CountTablesAsync(database, "IS NOT NULL"));
    }

    [TestMethod]
    public async Task Migrate_Repeated_KeepsTheTokens()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        StoredToken row = await database.OpenStore().AddAsync(Tokens.Row());

        await database.Schema.MigrateAsync();

        Assert.IsNotNull(await database.OpenStore().FindAsync(row.Id, CancellationToken.None));
        Assert.AreEqual(SchemaState.Current, (await database.Schema.CheckAsync()).State);
    }

    [TestMethod]
    public async Task Migrate_OfANewerSchema_IsRefusedAndTouchesNothing()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        await database.ExecuteAsync("UPDATE tokenkit_schema SET version = 99, readable_by = 99");

        SchemaStatus status = await database.Schema.CheckAsync();
        InvalidOperationException failure = await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => database.Schema.MigrateAsync());

        Assert.AreEqual(SchemaState.Newer, status.State);
        Assert.Contains("version 99", failure.Message);
        Assert.AreEqual(99L, await database.ExecuteAsync("SELECT version FROM tokenkit_schema"));
    }

    [TestMethod]
    public async Task Print_RunByHandTwice_MakesACurrentSchemaAndFailsWithoutAChangeTheSecondTime()
    {
        await using var database = new SqliteDatabase();
        await using System.Data.Common.DbDataSource unpooled = SqliteDatabase.SourceOf(database.File, pooling: false);
        string script = database.Schema.Print();

        await RunAsync();
        SqliteException failure = await Assert.ThrowsExactlyAsync<SqliteException>(RunAsync);

        Assert.Contains("duplicate column name", failure.Message);
        Assert.Contains("SQLite has no ADD COLUMN IF NOT EXISTS", script);
        Assert.AreEqual(SchemaState.Current, (await database.Schema.CheckAsync()).State);
        Assert.AreEqual("wal", await database.ExecuteAsync("PRAGMA journal_mode"));
        await database.OpenStore().AddAsync(Tokens.Row());

        // A connection of its own each time: what is begun and fails ends with it.
        async Task RunAsync()
        {
            await using System.Data.Common.DbCommand command = unpooled.CreateCommand(script);
            await using System.Data.Common.DbDataReader reader = await command.ExecuteReaderAsync();

            // Statements behind one that returned a row run here. Disposing of the reader would run them too, and say nothing of failures.
            while (await reader.NextResultAsync())
            {
            }
        }
    }

    [TestMethod]
    public async Task Migrate_OfADatabaseInMemory_IsRefused()
    {
        await using System.Data.Common.DbDataSource memory = SqliteFactory.Instance.CreateDataSource("Data Source=:memory:");

        TokenStoreException failure = await Assert.ThrowsExactlyAsync<TokenStoreException>(() => TokenKitSchema.ForSqlite(memory).MigrateAsync());

        Assert.Contains("write-ahead logging", failure.Message);
    }

    [TestMethod]
    public void Migrations_Embedded_AreNumberedWithoutAGap()
    {
        IReadOnlyList<Migration> migrations = Migration.AllOf(SqliteDatabase.Dialect());

        Assert.AreSequenceEqual(Enumerable.Range(1, migrations.Count), migrations.Select(migration => migration.Version));
    }

    [TestMethod]
    public async Task Tables_AreStrict()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();

        Assert.AreEqual(0L, await database.ExecuteAsync("SELECT count(*) FROM pragma_table_list WHERE name LIKE 'tokenkit%' AND type = 'table' AND strict = 0"));
        Assert.AreEqual(4L, await database.ExecuteAsync("SELECT count(*) FROM pragma_table_list WHERE name LIKE 'tokenkit%' AND type = 'table' AND strict = 1"));
    }

    private static Task<object?> CountTablesAsync(SqliteDatabase database, string name) =>
        database.ExecuteAsync($"SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name {name}");
}
