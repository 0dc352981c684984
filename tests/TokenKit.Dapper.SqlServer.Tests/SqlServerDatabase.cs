using System.Data.Common;
using Microsoft.Data.SqlClient;
using TokenKit.Dapper.Dialects;
using TokenKit.Dapper.Dialects.SqlServer;

namespace TokenKit.Dapper.SqlServer.Tests;

/// <summary>A schema of its own in the database that TOKENKIT_TEST_SQLSERVER names, removed at the end.</summary>
internal sealed class SqlServerDatabase : IAsyncDisposable
{
    private const string Variable = "TOKENKIT_TEST_SQLSERVER";

    // Not every server bears it that several sessions make and drop tables at once; tests that are about that do it themselves.
    private static readonly SemaphoreSlim Catalog = new(1);

    private SqlServerDatabase()
    {
        Options = new DapperStoreOptions { SchemaName = $"store_{Guid.NewGuid():N}" };
        Dialect = new SqlServerDialect(new TableNames(Options));
        Source = OpenSource("one node");
        Schema = TokenKitSchema.ForSqlServer(Source, Options);
    }

    public DapperStoreOptions Options { get; }

    public SqlServerDialect Dialect { get; }

    public DbDataSource Source { get; }

    public TokenKitSchema Schema { get; }

    /// <summary>An empty one. Without a server the test is skipped.</summary>
    public static async Task<SqlServerDatabase> CreateEmptyAsync()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)))
        {
            Assert.Inconclusive($"{Variable} holds no connection string of an SQL Server.");
        }

        var database = new SqlServerDatabase();
        await InCatalogAsync(() => database.ExecuteAsync($"CREATE SCHEMA {database.Options.SchemaName}"));
        return database;
    }

    /// <summary>One with the tables. Without a server the test is skipped.</summary>
    public static async Task<SqlServerDatabase> CreateAsync()
    {
        SqlServerDatabase database = await CreateEmptyAsync();
        await InCatalogAsync(() => database.Schema.MigrateAsync());
        return database;
    }

    /// <summary>A source whose pool belongs to the name of the application.</summary>
    public static DbDataSource OpenSource(string application) => SqlClientFactory.Instance.CreateDataSource(
        new SqlConnectionStringBuilder(Environment.GetEnvironmentVariable(Variable)) { ApplicationName = application }.ToString());

    /// <summary>Runs SQL of the test's own.</summary>
    public async Task<object?> ExecuteAsync(string sql)
    {
        await using DbCommand command = Source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await InCatalogAsync(async () =>
        {
            foreach (string table in (string[])[Dialect.Tables.Token, Dialect.Tables.Change, Dialect.Tables.Guard, Dialect.Tables.Schema])
            {
                await ExecuteAsync($"DROP TABLE IF EXISTS {table}");
            }

            await ExecuteAsync($"DROP SCHEMA {Options.SchemaName}");
        });
        await Source.DisposeAsync();
    }

    private static async Task InCatalogAsync(Func<Task> work)
    {
        await Catalog.WaitAsync();
        try
        {
            await work();
        }
        finally
        {
            Catalog.Release();
        }
    }
}
