using System.Data.Common;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TokenKit;
using TokenKit.Dapper;
using TokenKit.Dapper.Dialects;
using TokenKit.Dapper.Dialects.PostgreSql;
using TokenKit.Dapper.Dialects.Sqlite;
using TokenKit.Dapper.Dialects.SqlServer;
using TokenKit.Dapper.Execution;
using TokenKit.Dapper.Schema;
using TokenKit.Stores;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps tokens in an SQL database.</summary>
public static class TokenKitBuilderDapperExtensions
{
    // A key of ours, so that the store's data source is not taken for one of the host's.
    private const string DataSourceKey = "TokenKit";

    /// <summary>Keeps tokens in an SQLite database, for hosts on one machine. It needs SQLite 3.41 or newer and a file on a local disk.</summary>
    /// <remarks>The host does not start on a database whose schema is missing or too old, unless it migrates it at start, nor on one that it cannot run on.</remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="dataSource">
    /// Where the database is, for example <c>SqliteFactory.Instance.CreateDataSource("Data Source=tokens.db")</c>. It stays the caller's to
    /// dispose of.
    /// </param>
    /// <param name="configure">Sets the options; null for the defaults.</param>
    /// <returns>The same builder.</returns>
    public static TokenKitBuilder UseSqlite(this TokenKitBuilder builder, DbDataSource dataSource, Action<DapperStoreOptions>? configure = null) =>
        Use(builder, dataSource, static tables => new SqliteDialect(tables), configure);

    /// <summary>Keeps tokens in an SQLite database, in a data source that is made when the host starts.</summary>
    /// <remarks>
    /// What the host registers or configures after this call – a test that overrides a connection string, for example – is seen.
    /// The host does not start on a database whose schema is missing or too old, unless it migrates it at start, nor on one that it cannot run on.
    /// </remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="createDataSource">
    /// Makes the data source, or finds one among the services. It is called once, when the host starts. What it returns is the container's to
    /// dispose of, as with every singleton that a factory makes.
    /// </param>
    /// <param name="configure">Sets the options; null for the defaults.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException">The builder or the factory is null.</exception>
    public static TokenKitBuilder UseSqlite(
        this TokenKitBuilder builder, Func<IServiceProvider, DbDataSource> createDataSource, Action<DapperStoreOptions>? configure = null) =>
        Use(builder, createDataSource, static tables => new SqliteDialect(tables), configure);

    /// <summary>Keeps tokens in a PostgreSQL database, for any number of nodes. It needs PostgreSQL 12 or newer.</summary>
    /// <remarks>The host does not start on a database whose schema is missing or too old, unless it migrates it at start, nor on one that it cannot run on.</remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="dataSource">
    /// Where the database is, for example <c>NpgsqlDataSource.Create(connectionString)</c>: its primary, because a standby would still show
    /// tokens that are revoked. It stays the caller's to dispose of.
    /// </param>
    /// <param name="configure">Sets the options; null for the defaults.</param>
    /// <returns>The same builder.</returns>
    public static TokenKitBuilder UsePostgreSql(this TokenKitBuilder builder, DbDataSource dataSource, Action<DapperStoreOptions>? configure = null) =>
        Use(builder, dataSource, static tables => new PostgreSqlDialect(tables), configure);

    /// <summary>Keeps tokens in a PostgreSQL database, in a data source that is made when the host starts.</summary>
    /// <remarks>
    /// What the host registers or configures after this call – a test that overrides a connection string, for example – is seen.
    /// The host does not start on a database whose schema is missing or too old, unless it migrates it at start, nor on one that it cannot run on.
    /// </remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="createDataSource">
    /// Makes the data source, or finds one among the services. It is called once, when the host starts. What it returns is the container's to
    /// dispose of, as with every singleton that a factory makes.
    /// </param>
    /// <param name="configure">Sets the options; null for the defaults.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException">The builder or the factory is null.</exception>
    public static TokenKitBuilder UsePostgreSql(
        this TokenKitBuilder builder, Func<IServiceProvider, DbDataSource> createDataSource, Action<DapperStoreOptions>? configure = null) =>
        Use(builder, createDataSource, static tables => new PostgreSqlDialect(tables), configure);

    /// <summary>Keeps tokens in an SQL Server database, for any number of nodes. It needs SQL Server 2016 or newer, or Azure SQL.</summary>
    /// <remarks>The host does not start on a database whose schema is missing or too old, unless it migrates it at start, nor on one that it cannot run on.</remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="dataSource">
    /// Where the database is, for example <c>SqlClientFactory.Instance.CreateDataSource(connectionString)</c>: its primary, because a
    /// secondary would still show tokens that are revoked. It stays the caller's to dispose of.
    /// </param>
    /// <param name="configure">Sets the options; null for the defaults.</param>
    /// <returns>The same builder.</returns>
    public static TokenKitBuilder UseSqlServer(this TokenKitBuilder builder, DbDataSource dataSource, Action<DapperStoreOptions>? configure = null) =>
        Use(builder, dataSource, static tables => new SqlServerDialect(tables), configure);

    /// <summary>Keeps tokens in an SQL Server database, in a data source that is made when the host starts.</summary>
    /// <remarks>
    /// What the host registers or configures after this call – a test that overrides a connection string, for example – is seen.
    /// The host does not start on a database whose schema is missing or too old, unless it migrates it at start, nor on one that it cannot run on.
    /// </remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="createDataSource">
    /// Makes the data source, or finds one among the services. It is called once, when the host starts. What it returns is the container's to
    /// dispose of, as with every singleton that a factory makes.
    /// </param>
    /// <param name="configure">Sets the options; null for the defaults.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException">The builder or the factory is null.</exception>
    public static TokenKitBuilder UseSqlServer(
        this TokenKitBuilder builder, Func<IServiceProvider, DbDataSource> createDataSource, Action<DapperStoreOptions>? configure = null) =>
        Use(builder, createDataSource, static tables => new SqlServerDialect(tables), configure);

    private static TokenKitBuilder Use(
        TokenKitBuilder builder, DbDataSource dataSource, Func<TableNames, SqlDialect> createDialect, Action<DapperStoreOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(dataSource);
        builder.Services.AddKeyedSingleton(DataSourceKey, dataSource);
        return Use(builder, createDialect, configure);
    }

    private static TokenKitBuilder Use(
        TokenKitBuilder builder,
        Func<IServiceProvider, DbDataSource> createDataSource,
        Func<TableNames, SqlDialect> createDialect,
        Action<DapperStoreOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(createDataSource);
        builder.Services.AddKeyedSingleton(DataSourceKey, (provider, _) => createDataSource(provider));
        return Use(builder, createDialect, configure);
    }

    private static TokenKitBuilder Use(TokenKitBuilder builder, Func<TableNames, SqlDialect> createDialect, Action<DapperStoreOptions>? configure)
    {
        builder.Services.AddOptions<DapperStoreOptions>().Configure(configure ?? (static _ => { }));
        builder.Services.AddSingleton(provider =>
        {
            DapperStoreOptions options = provider.GetRequiredService<IOptions<DapperStoreOptions>>().Value;
            return new SqlDatabase(
                provider.GetRequiredKeyedService<DbDataSource>(DataSourceKey),
                createDialect(new TableNames(options)),
                provider.GetService<ILoggerFactory>()?.CreateLogger<ITokenStore>())
            {
                LockTimeout = options.LockTimeout,
            };
        });
        builder.Services.AddSingleton(provider => new TokenKitSchema(
            provider.GetRequiredService<SqlDatabase>(), logger: provider.GetService<ILoggerFactory>()?.CreateLogger<TokenKitSchema>()));
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SchemaAtStart>());
        return builder.UseStore(provider => new DapperTokenStore(
            provider.GetRequiredService<SqlDatabase>(),
            provider.GetRequiredService<TokenKitSchema>(),
            provider.GetService<ILoggerFactory>()?.CreateLogger<TokenKitSchema>()));
    }
}
