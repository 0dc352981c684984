using System.Data.Common;
using TokenKit.Dapper.Execution;
using TokenKit.StoreConformance;
using TokenKit.Stores;

namespace TokenKit.Dapper.SqlServer.Tests;

/// <summary>SQL Server stores in a schema of their own.</summary>
internal sealed class SqlServerStoreFixture : IStoreFixture
{
    private readonly List<DbDataSource> _others = [];
    private SqlServerDatabase? _database;

    public async Task<ITokenStore> CreateAsync()
    {
        _database = await SqlServerDatabase.CreateAsync();
        return new DapperTokenStore(new SqlDatabase(_database.Source, _database.Dialect));
    }

    public Task<ITokenStore> OpenAnotherAsync()
    {
        DbDataSource other = SqlServerDatabase.OpenSource("another node");
        _others.Add(other);
        return Task.FromResult<ITokenStore>(new DapperTokenStore(new SqlDatabase(other, _database!.Dialect)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (DbDataSource other in _others)
        {
            await other.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }
}
