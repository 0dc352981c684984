using TokenKit.Stores;

namespace TokenKit.Dapper.Tests;

/// <summary>A database of a test's own, on one of the products that can be had here.</summary>
internal interface ITestDatabase : IAsyncDisposable
{
    /// <summary>With which another process opens it: see <see cref="Worker"/>.</summary>
    string Address { get; }

    TokenKitSchema Schema { get; }

    ITokenStore OpenStore();

    /// <summary>Runs SQL of the test's own.</summary>
    Task<object?> ExecuteAsync(string sql);

    /// <summary>One with its tables.</summary>
    static async Task<ITestDatabase> CreateAsync(string product)
    {
        ITestDatabase database = await CreateEmptyAsync(product);
        await database.Schema.MigrateAsync();
        return database;
    }

    static async Task<ITestDatabase> CreateEmptyAsync(string product) =>
        product == "SQLite" ? new SqliteDatabase() : await PostgreSqlDatabase.CreateEmptyAsync();
}
