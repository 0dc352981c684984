using System.Data.Common;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TokenKit.Dapper;
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
    private readonly IReadOnlyList<Migration> _migrations;
    private readonly SchemaMigrator _migrator;
    private readonly ILogger _logger;
    private int _saidThatItIsNewer;

    /// <param name="database">Where the tables are.</param>
    /// <param name="further">Steps of a version to come, for tests.</param>
    /// <param name="logger">Where to log; null for nowhere.</param>
    internal TokenKitSchema(SqlDatabase database, IReadOnlyList<Migration>? further = null, ILogger? logger = null)
    {
        _database = database;
        _migrations = [.. Migration.AllOf(database.Dialect), .. further ?? []];
        _logger = logger ?? NullLogger.Instance;
        _migrator = new SchemaMigrator(database, _migrations, _logger);
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
    public async Task<SchemaStatus> CheckAsync(CancellationToken cancellationToken = default) =>
        SayOnceThatItIsNewer(await _database.ReadAsync("check its schema", _migrator.ReadStatusAsync, cancellationToken).ConfigureAwait(false));

    /// <summary>
    /// Creates the tables or brings them up to date; a schema that is current, or newer and usable, stays as it is. Several processes may do so
    /// at once, while others use the tables: one does the work and the others ask again every second. The role needs the right to create tables.
    /// </summary>
    /// <remarks>
    /// All of it is one transaction, but for indexes that PostgreSQL builds on tables in use: they need a second connection, and what was broken
    /// off is finished by the next call. There is no limit to the time it takes.
    /// </remarks>
    /// <param name="cancellationToken">Gives up. A step that was begun is undone, or finished by the next call.</param>
    /// <exception cref="InvalidOperationException">
    /// The schema is of a later version of the library, and this one cannot run on it. Or the store cannot work on the database: SQLite is too old,
    /// PostgreSQL's database is not UTF-8, or a connection string has a setting that SQL Server's transactions do not bear.
    /// </exception>
    /// <exception cref="TokenStoreException">The database could not do it.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken = default)
    {
        await CheckDatabaseAsync(cancellationToken).ConfigureAwait(false);
        SchemaStatus before = SayOnceThatItIsNewer(await _migrator.MigrateAsync(cancellationToken).ConfigureAwait(false));
        if (before.State == SchemaState.Newer)
        {
            throw new InvalidOperationException(before.ToString());
        }
    }

    /// <summary>The SQL that brings the tables up to date, for a database administrator.</summary>
    /// <remarks>On PostgreSQL and SQL Server it can be run again. On SQLite it cannot, and says so.</remarks>
    /// <param name="fromVersion">The version that the database has, see <see cref="SchemaStatus.Version"/>; 0 for no tables.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such version.</exception>
    public string Print(int fromVersion = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fromVersion);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fromVersion, _migrator.NeededVersion);
        return SchemaScript.Print(_database.Dialect.Schema, [.. _migrations.Where(migration => migration.Version > fromVersion)], fromVersion);
    }

    /// <summary>Looks for what no step of the schema mends.</summary>
    /// <exception cref="InvalidOperationException">The store cannot work on the database.</exception>
    /// <exception cref="TokenStoreException">The database could not be asked.</exception>
    internal async Task CheckDatabaseAsync(CancellationToken cancellationToken)
    {
        SchemaStatements statements = _database.Dialect.Schema;
        (string? obstacle, string? warning) = await _database.ReadAsync(
            "check its database",
            async session => (await statements.FindObstacleAsync(session).ConfigureAwait(false), statements.FindWarning(session)),
            cancellationToken).ConfigureAwait(false);
        if (obstacle is not null)
        {
            throw new InvalidOperationException(obstacle);
        }

        if (warning is not null)
        {
            Log.DatabaseProblem(_logger, warning);
        }
    }

    /// <summary>Whether rows will get numbers that others have already, and what mends that; null for no.</summary>
    internal async Task<string?> FindSequenceProblemAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _database.ReadAsync("check its numbers", _database.Dialect.Schema.FindSequenceProblemAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (TokenStoreException)
        {
            // A product that speaks this one's language may not tell. That keeps no host from working.
            return null;
        }
    }

    /// <summary>Logs it.</summary>
    internal async Task WarnOfSequenceAsync(CancellationToken cancellationToken)
    {
        if (await FindSequenceProblemAsync(cancellationToken).ConfigureAwait(false) is { } problem)
        {
            Log.DatabaseProblem(_logger, problem);
        }
    }

    private SchemaStatus SayOnceThatItIsNewer(SchemaStatus status)
    {
        if (status.State == SchemaState.NewerReadable && Interlocked.Exchange(ref _saidThatItIsNewer, 1) == 0)
        {
            Log.SchemaIsNewer(_logger, status.Tables, status.Version, status.NeededVersion);
        }

        return status;
    }

    private static TokenKitSchema For(DbDataSource dataSource, Func<TableNames, SqlDialect> createDialect, DapperStoreOptions? options)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        return new TokenKitSchema(new SqlDatabase(dataSource, createDialect(new TableNames(options ?? new DapperStoreOptions()))));
    }
}
