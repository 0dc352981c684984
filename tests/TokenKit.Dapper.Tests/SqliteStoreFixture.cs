using System.Data.Common;
using TokenKit.Dapper.Execution;
using TokenKit.StoreConformance;
using TokenKit.Stores;

namespace TokenKit.Dapper.Tests;

/// <summary>SQLite stores on a file of their own.</summary>
internal sealed class SqliteStoreFixture : IStoreFixture
{
    private readonly SqliteDatabase _database = new();
    private readonly List<DbDataSource> _others = [];

    public async Task<ITokenStore> CreateAsync()
    {
        await _database.Schema.MigrateAsync();
        return _database.OpenStore();
    }

    public Task<ITokenStore> OpenAnotherAsync()
    {
        // Without the pool, which belongs to the connection string and would be shared.
        DbDataSource other = SqliteDatabase.SourceOf(_database.File, pooling: false);
        _others.Add(other);
        return Task.FromResult<ITokenStore>(new DapperTokenStore(new SqlDatabase(other, SqliteDatabase.Dialect())));
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

        await _database.DisposeAsync();
    }
}
