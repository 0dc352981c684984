using System.Data.Common;
using System.Globalization;
using TokenKit.Dapper.Dialects;
using TokenKit.Dapper.Dialects.PostgreSql;
using TokenKit.Dapper.Dialects.Sqlite;
using TokenKit.Dapper.Dialects.SqlServer;
using TokenKit.Dapper.Execution;
using TokenKit.Dapper.Schema;

namespace TokenKit;

/// <summary>The tables of an SQL store: checks them, brings them up to date, or prints how.</summary>
/// <remarks>Nothing here runs unless the host asks for it. A host with a store finds it among its services; a tool makes its own.</remarks>
/// <example>
/// <code>
/// TokenKitSchema schema = TokenKitSchema.ForSqlite(SqliteFactory.Instance.CreateDataSource("Data Source=tokens.db"));
/// await schema.MigrateAsync();
/// </code>
/// </example>
public sealed class TokenKitSchema
{
    private readonly SqlDatabase _database;
    private readonly SchemaStatements _statements;
    private readonly IReadOnlyList<Migration> _migrations;

    internal TokenKitSchema(SqlDatabase database)
    {
        _database = database;
        _statements = database.Dialect.Schema;
        _migrations = Migration.AllOf(database.Dialect);
    }

    /// <summary>The tables of an SQLite database.</summary>
    /// <param name="dataSource">Where the database is. It stays the caller's to dispose of.</param>
    /// <param name="options">The options of the store; null for the defaults.</param>
    /// <exception cref="ArgumentException">The options name a schema, which SQLite does not have.</exception>
    public static TokenKitSchema ForSqlite(DbDataSource dataSource, DapperStoreOptions? options = null) =>
        For(dataSource, static tables => new SqliteDialect(tables), options);

    /// <summary>The tables of a PostgreSQL database.</summary>
    /// <inheritdoc cref="ForSqlite" path="/param"/>
    public static TokenKitSchema ForPostgreSql(DbDataSource dataSource, DapperStoreOptions? options = null) =>
        For(dataSource, static tables => new PostgreSqlDialect(tables), options);

    /// <summary>The tables of an SQL Server database.</summary>
    /// <inheritdoc cref="ForSqlite" path="/param"/>
    public static TokenKitSchema ForSqlServer(DbDataSource dataSource, DapperStoreOptions? options = null) =>
        For(dataSource, static tables => new SqlServerDialect(tables), options);

    /// <summary>Compares the schema of the database with the one that this library needs. Changes nothing.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="TokenStoreException">The database could not be asked.</exception>
    public Task<SchemaStatus> CheckAsync(CancellationToken cancellationToken = default) =>
        _database.ReadAsync("check its schema", ReadStatusAsync, cancellationToken);

    /// <summary>
    /// Creates the tables or brings them up to date, in one transaction; a schema that is current stays as it is. Several processes may do
    /// so at once. The role needs the right to create tables.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting; what was begun is undone.</param>
    /// <exception cref="InvalidOperationException">The schema is of a later version of the library.</exception>
    /// <exception cref="TokenStoreException">The database could not do it.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken = default)
    {
        SchemaStatus before = await _database.WriteAsync("migrate its schema", MigrateAsync, cancellationToken).ConfigureAwait(false);
        if (before.State == SchemaState.Newer)
        {
            throw new InvalidOperationException(before.ToString());
        }
    }

    /// <summary>The SQL that creates the tables or brings them up to date, for a database administrator. It may be run again at any time.</summary>
    public string Print()
    {
        (string head, string foot) = _statements.ScriptFrame;
        return string.Join("\n\n", [head, _statements.CreateTable, .. _migrations.Select(migration => migration.Script.Trim()), foot]) + "\n";
    }

    private async Task<SchemaStatus> MigrateAsync(SqlSession session)
    {
        SchemaStatus before = await ReadStatusAsync(session).ConfigureAwait(false);
        if (before.State == SchemaState.Newer)
        {
            return before;
        }

        await _statements.PrepareDatabaseAsync(session).ConfigureAwait(false);
        if (before.State == SchemaState.Current)
        {
            // What follows needs the right to create tables.
            return before;
        }

        await session.BeginAsync().ConfigureAwait(false);
        await session.ExecuteAsync(_statements.CreateTable).ConfigureAwait(false);
        await session.ReadValueAsync(_statements.LockVersion).ConfigureAwait(false);

        // Once more, now that nobody else can migrate: another process may have done so since.
        before = await ReadStatusAsync(session).ConfigureAwait(false);
        foreach (Migration migration in _migrations.Where(migration => migration.Version > before.Version))
        {
            await session.ExecuteAsync(migration.Script).ConfigureAwait(false);
        }

        await session.CommitAsync().ConfigureAwait(false);
        return before;
    }

    private async Task<SchemaStatus> ReadStatusAsync(SqlSession session)
    {
        bool exists = await ReadNumberAsync(_statements.CountTables).ConfigureAwait(false) > 0;
        int version = exists ? await ReadNumberAsync(_statements.ReadVersion).ConfigureAwait(false) : 0;
        return new SchemaStatus(_database.Dialect.Tables, version, _migrations[^1].Version);

        async Task<int> ReadNumberAsync(string statement) =>
            Convert.ToInt32(await session.ReadValueAsync(statement).ConfigureAwait(false), CultureInfo.InvariantCulture);
    }

    private static TokenKitSchema For(DbDataSource dataSource, Func<TableNames, SqlDialect> createDialect, DapperStoreOptions? options)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        return new TokenKitSchema(new SqlDatabase(dataSource, createDialect(new TableNames(options ?? new DapperStoreOptions()))));
    }
}
