namespace TokenKit.Dapper.SqlServer.Tests;

[TestClass]
public sealed class SqlServerSchemaTests
{
    [TestMethod]
    public async Task Migrate_ByManyAtOnce_MakesOneSchema()
    {
        await using SqlServerDatabase database = await SqlServerDatabase.CreateEmptyAsync();

        Assert.AreEqual(SchemaState.Missing, (await database.Schema.CheckAsync()).State);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => database.Schema.MigrateAsync())));

        Assert.AreEqual(SchemaState.Current, (await database.Schema.CheckAsync()).State);
        Assert.AreEqual(1, await database.ExecuteAsync($"SELECT COUNT(*) FROM {database.Dialect.Tables.Schema}"));
    }

    [TestMethod]
    public async Task Print_RunByHandTwice_MakesACurrentSchema()
    {
        await using SqlServerDatabase database = await SqlServerDatabase.CreateEmptyAsync();

        await database.ExecuteAsync(database.Schema.Print());
        await database.ExecuteAsync(database.Schema.Print());

        Assert.AreEqual(SchemaState.Current, (await database.Schema.CheckAsync()).State);
    }
}
