using System.Data.Common;
using Npgsql;
using TokenKit.Dapper.Dialects;
using TokenKit.Dapper.Dialects.PostgreSql;
using TokenKit.Dapper.Execution;
using TokenKit.Stores;
using TokenKit.TestKit;

namespace TokenKit.Dapper.Tests;

/// <summary>A schema of its own on a PostgreSQL server, removed at the end.</summary>
internal sealed class PostgreSqlDatabase : ITestDatabase
{
    private readonly string _connectionString;
    private readonly NpgsqlDataSource _own;

    private PostgreSqlDatabase(string connectionString)
    {
        _connectionString = connectionString;
        Options = new DapperStoreOptions { SchemaName = $"store_{Guid.NewGuid():N}" };
        Source = OpenSource(Options.SchemaName);
        _own = OpenSource("test", pooling: false, commandTimeout: 0);
        Schema = TokenKitSchema.ForPostgreSql(Source, Options);
    }

    public DapperStoreOptions Options { get; }

    /// <summary>The store's. Its sessions have the name of the schema.</summary>
    public NpgsqlDataSource Source { get; }

    public string Address => Source.ConnectionString;

    public TokenKitSchema Schema { get; }

    /// <summary>An empty one, on the shared server unless said otherwise.</summary>
    public static async Task<PostgreSqlDatabase> CreateEmptyAsync(PostgreSqlServer? server = null)
    {
        var database = new PostgreSqlDatabase((server ?? await RequiredPostgreSql.Shared).ConnectionString);
        await database.ExecuteAsync($"CREATE SCHEMA {database.Options.SchemaName}");
        return database;
    }

    /// <summary>One with its tables.</summary>
    public static async Task<PostgreSqlDatabase> CreateAsync(PostgreSqlServer? server = null)
    {
        PostgreSqlDatabase database = await CreateEmptyAsync(server);
        await database.Schema.MigrateAsync();
        return database;
    }

    public PostgreSqlDialect Dialect() => new(new TableNames(Options));

    public ITokenStore OpenStore() => new DapperTokenStore(new SqlDatabase(Source, Dialect()));

    /// <summary>A source with a pool of its own, as another node has it.</summary>
    public NpgsqlDataSource OpenAnotherSource(string options = "") => OpenSource("another node", options);

    /// <summary>Opens a connection of the test's own.</summary>
    public async Task<NpgsqlConnection> OpenConnectionAsync() => await _own.OpenConnectionAsync();

    /// <summary>Runs SQL of the test's own.</summary>
    public async Task<object?> ExecuteAsync(string sql)
    {
        await using DbCommand command = _own.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await ExecuteAsync($"DROP SCHEMA {Options.SchemaName} CASCADE");
        await Source.DisposeAsync();
        await _own.DisposeAsync();
    }

    // Statements of tests find the tables without naming the schema.
    private NpgsqlDataSource OpenSource(string application, string options = "", bool pooling = true, int commandTimeout = 30) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(_connectionString)
        {
            SearchPath = Options.SchemaName,
            ApplicationName = application,
            Options = options,
            Pooling = pooling,
            CommandTimeout = commandTimeout,
        });
}
