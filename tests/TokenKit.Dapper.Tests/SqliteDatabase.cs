using System.Data.Common;
using Microsoft.Data.Sqlite;
using TokenKit.Dapper.Dialects;
using TokenKit.Dapper.Dialects.Sqlite;
using TokenKit.Dapper.Execution;
using TokenKit.Stores;

namespace TokenKit.Dapper.Tests;

/// <summary>A database file of its own, removed at the end.</summary>
internal sealed class SqliteDatabase : ITestDatabase
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("tokenkit-");

    public SqliteDatabase()
    {
        File = Path.Combine(_directory.FullName, "tokens.db");
        Source = SourceOf(File);
        Schema = TokenKitSchema.ForSqlite(Source);
    }

    public string File { get; }

    public string Address => File;

    public DbDataSource Source { get; }

    public TokenKitSchema Schema { get; }

    /// <summary>A database with its tables.</summary>
    public static async Task<SqliteDatabase> CreateAsync()
    {
        var database = new SqliteDatabase();
        await database.Schema.MigrateAsync();
        return database;
    }

    public static DbDataSource SourceOf(string file, bool pooling = true) =>
        SqliteFactory.Instance.CreateDataSource(new SqliteConnectionStringBuilder { DataSource = file, Pooling = pooling }.ToString());

    public static SqliteDialect Dialect(string prefix = TableNames.DefaultPrefix) => new(new TableNames(prefix));

    public ITokenStore OpenStore() => new DapperTokenStore(new SqlDatabase(Source, Dialect()));

    /// <summary>Runs SQL of the test's own.</summary>
    public async Task<object?> ExecuteAsync(string sql)
    {
        await using DbConnection connection = await Source.OpenConnectionAsync();
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await using (var pooled = new SqliteConnection(Source.ConnectionString))
        {
            SqliteConnection.ClearPool(pooled);
        }

        _directory.Delete(recursive: true);
    }
}
