using Npgsql;
using TokenKit.Dapper.Dialects;
using TokenKit.Dapper.Dialects.PostgreSql;
using TokenKit.Dapper.Execution;
using TokenKit.Stores;

namespace TokenKit.Dapper.Tests.Schema;

/// <summary>What of the schema's promises depends on PostgreSQL; the rest is tried on SQLite.</summary>
[TestClass]
public sealed class PostgreSqlSchemaTests
{
    [TestMethod]
    public async Task Migrate_ByManyAtOnce_MakesOneSchema()
    {
        for (int round = 0; round < 5; round++)
        {
            await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateEmptyAsync();

            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => database.Schema.MigrateAsync())));

            Assert.AreEqual(SchemaState.Current, (await database.Schema.CheckAsync()).State);
            Assert.AreEqual(1L, await database.ExecuteAsync("SELECT count(*) FROM tokenkit_schema"));
        }
    }

    [TestMethod]
    public async Task Migrate_WhileAnotherIsMigrating_WaitsForIt()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        await database.ExecuteAsync("UPDATE tokenkit_schema SET version = 0");
        await using NpgsqlConnection other = await database.Source.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await other.BeginTransactionAsync();
        await using (var lockRow = new NpgsqlCommand(database.Dialect().Schema.LockVersion, other))
        {
            await lockRow.ExecuteScalarAsync();
        }

        Task migration = database.Schema.MigrateAsync();
        await Task.Delay(300);
        Assert.IsFalse(migration.IsCompleted);

        await transaction.RollbackAsync();
        await migration;
    }

    [TestMethod]
    public async Task Migrate_OfANewerSchema_IsRefusedAndTouchesNothing()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        await database.ExecuteAsync("UPDATE tokenkit_schema SET version = 99, readable_by = 99");

        InvalidOperationException failure = await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => database.Schema.MigrateAsync());

        Assert.Contains($"'{database.Options.SchemaName}.tokenkit_…' is version 99", failure.Message);
        Assert.AreEqual(99, await database.ExecuteAsync("SELECT version FROM tokenkit_schema"));
    }

    [TestMethod]
    public async Task Print_RunByHandTwice_MakesACurrentSchema()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateEmptyAsync();

        await database.ExecuteAsync(database.Schema.Print());
        await database.ExecuteAsync(database.Schema.Print());

        Assert.AreEqual(SchemaState.Current, (await database.Schema.CheckAsync()).State);
        await database.OpenStore().AddAsync(Tokens.Row());
    }

    [TestMethod]
    public async Task Migrate_WithoutASchemaName_UsesTheOneOfTheConnection()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateEmptyAsync();
        var options = new DapperStoreOptions { TablePrefix = "Other_" };
        var schema = TokenKitSchema.ForPostgreSql(database.Source, options);

        await schema.MigrateAsync();
        await new DapperTokenStore(new SqlDatabase(database.Source, new PostgreSqlDialect(new TableNames(options)))).AddAsync(Tokens.Row());

        Assert.AreEqual(SchemaState.Current, (await schema.CheckAsync()).State);
        Assert.AreEqual(1L, await database.ExecuteAsync($"""SELECT count(*) FROM {database.Options.SchemaName}."Other_token" """));
        Assert.AreEqual(SchemaState.Missing, (await database.Schema.CheckAsync()).State);
    }

    [TestMethod]
    public async Task Migrate_IntoASchemaThatIsNotThere_SaysSo()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateEmptyAsync();
        var schema = TokenKitSchema.ForPostgreSql(database.Source, new DapperStoreOptions { SchemaName = "nowhere" });

        TokenStoreException failure = await Assert.ThrowsExactlyAsync<TokenStoreException>(() => schema.MigrateAsync());

        Assert.AreEqual("The token store could not migrate its schema: the database has no schema of that name, or the search_path of the connection selects none.", failure.Message);
    }

    [TestMethod]
    public async Task Role_WithoutTheRightToCreate_CanDoEverythingButMigrate()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        (string role, string schema) = ($"role_{Guid.NewGuid():N}", database.Options.SchemaName!);
        await database.ExecuteAsync($"""
            CREATE ROLE {role} LOGIN;
            GRANT USAGE ON SCHEMA {schema} TO {role};
            GRANT SELECT ON tokenkit_schema TO {role};
            GRANT SELECT, INSERT, UPDATE, DELETE ON tokenkit_token, tokenkit_change, tokenkit_guard TO {role};
            """);
        await using var source = NpgsqlDataSource.Create($"{database.Source.ConnectionString};Username={role}");
        var schemaOfRole = TokenKitSchema.ForPostgreSql(source, database.Options);
        var store = new DapperTokenStore(new SqlDatabase(source, database.Dialect()));

        Assert.AreEqual(SchemaState.Current, (await schemaOfRole.CheckAsync()).State);
        await schemaOfRole.MigrateAsync();
        CommitResult issued = await store.CommitAsync(Tokens.Issue(Tokens.Row(uniqueName: "ci"), limit: 1), CancellationToken.None);
        await store.CommitAsync(Tokens.Revoke(issued.Token!.Id), CancellationToken.None);
        await store.CommitBatchAsync(new TokenBatch.Touch([new TokenUse(issued.Token.Id, Tokens.Now)]), CancellationToken.None);
        Assert.AreEqual(1, await store.CommitBatchAsync(Tokens.Purge(DateTimeOffset.MaxValue), CancellationToken.None));

        await database.ExecuteAsync("UPDATE tokenkit_schema SET version = 0");
        TokenStoreException failure = await Assert.ThrowsExactlyAsync<TokenStoreException>(() => schemaOfRole.MigrateAsync());
        Assert.AreEqual("The token store could not migrate its schema: the role lacks a right that this needs.", failure.Message);

        await database.ExecuteAsync($"DROP OWNED BY {role}; DROP ROLE {role}");
    }
}
