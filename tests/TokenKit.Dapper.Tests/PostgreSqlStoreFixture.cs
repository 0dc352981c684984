using System.Data.Common;
using TokenKit.Dapper.Execution;
using TokenKit.StoreConformance;
using TokenKit.Stores;

namespace TokenKit.Dapper.Tests;

/// <summary>PostgreSQL stores in a schema of their own.</summary>
internal sealed class PostgreSqlStoreFixture : IStoreFixture
{
    private readonly List<DbDataSource> _others = [];
    private PostgreSqlDatabase? _database;

    public async Task<ITokenStore> CreateAsync()
    {
        _database = await PostgreSqlDatabase.CreateAsync();
        return _database.OpenStore();
    }

    public Task<ITokenStore> OpenAnotherAsync()
    {
        DbDataSource other = _database!.OpenAnotherSource();
        _others.Add(other);
        return Task.FromResult<ITokenStore>(new DapperTokenStore(new SqlDatabase(other, _database.Dialect())));
    }

    /// <summary>Nothing is left to turn: <see cref="HostileDapper"/> has done it, to every test.</summary>
    public void MakeHostile()
    {
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
