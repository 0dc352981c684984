using System.Data.Common;
using System.Net.Sockets;
using TokenKit.Dapper.Dialects;
using TokenKit.Dapper.Dialects.Sqlite;
using TokenKit.Dapper.Execution;
using TokenKit.Stores;

namespace TokenKit.Dapper.Tests.Execution;

[TestClass]
public sealed class LookupsTests
{
    [TestMethod]
    public async Task Lookups_OneAfterAnother_ShareAConnectionThatDisposingCloses()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        StoredToken row = await database.OpenStore().AddAsync(Tokens.Row());
        await using DbDataSource source = SqliteDatabase.SourceOf(database.File, pooling: false);
        await using var counting = new CountingSource(source);
        using (var store = new DapperTokenStore(new SqlDatabase(counting, SqliteDatabase.Dialect())))
        {
            for (int round = 0; round < 100; round++)
            {
                Assert.IsNotNull(await store.FindAsync(row.Id, CancellationToken.None));
            }

            Assert.HasCount(1, counting.Opened);
            Assert.AreEqual(System.Data.ConnectionState.Open, counting.Opened[0].State);
        }

        Assert.AreEqual(System.Data.ConnectionState.Closed, counting.Opened[0].State);
    }

    [TestMethod]
    public async Task Lookup_AfterOneThatFailed_UsesAnotherConnection()
    {
        await using var database = new SqliteDatabase();
        await using var counting = new CountingSource(database.Source);
        using var store = new DapperTokenStore(new SqlDatabase(counting, SqliteDatabase.Dialect()));

        await Assert.ThrowsExactlyAsync<TokenStoreException>(async () => await store.FindAsync(Guid.NewGuid(), CancellationToken.None));
        await database.Schema.MigrateAsync();

        Assert.IsNull(await store.FindAsync(Guid.NewGuid(), CancellationToken.None));
        Assert.HasCount(2, counting.Opened);
    }

    [TestMethod]
    public async Task EveryCall_WhereTheDriverThrowsWhatTheSocketSaid_IsTriedAgain()
    {
        // Npgsql before version 10 does so where the name of the server cannot be resolved.
        foreach (SqlDialect dialect in AllDialects().Where(dialect => !dialect.IsEmbedded))
        {
            await using var source = new NamelessSource();
            using var store = new DapperTokenStore(new SqlDatabase(source, dialect));

            TokenStoreException failure = await Assert.ThrowsExactlyAsync<TokenStoreException>(
                async () => await store.FindAsync(Guid.NewGuid(), CancellationToken.None));
            await Assert.ThrowsExactlyAsync<TokenStoreException>(async () => await store.CommitAsync(Tokens.Revoke(Guid.NewGuid()), CancellationToken.None));

            Assert.AreEqual(
                "The token store could not read a token: the connection to the database server was lost or could not be made.", failure.Message, dialect.Name);
            Assert.AreEqual(10, source.Attempts, dialect.Name);
        }
    }

    [TestMethod]
    public void Connections_ToAServer_AreNeverHeld()
    {
        SqlDialect[] holding = [.. AllDialects().Where(dialect => dialect.IsEmbedded)];

        Assert.IsInstanceOfType<SqliteDialect>(holding.Single());
    }

    private static IEnumerable<SqlDialect> AllDialects() => typeof(SqlDialect).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(SqlDialect)))
        .Select(type => (SqlDialect)Activator.CreateInstance(type, new TableNames(TableNames.DefaultPrefix))!);

    /// <summary>Leads nowhere.</summary>
    private sealed class NamelessSource : DbDataSource
    {
        public int Attempts { get; private set; }

        public override string ConnectionString => "";

        protected override DbConnection CreateDbConnection()
        {
            Attempts++;
            throw new SocketException((int)SocketError.HostNotFound);
        }
    }
}
