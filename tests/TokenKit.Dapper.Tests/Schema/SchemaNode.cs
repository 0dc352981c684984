using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Npgsql;
using TokenKit.Dapper.Dialects;
using TokenKit.Dapper.Execution;
using TokenKit.Dapper.Schema;
using TokenKit.TestKit;

namespace TokenKit.Dapper.Tests.Schema;

/// <summary>A node of this library, or of the next one, with a pool of its own.</summary>
internal sealed class SchemaNode : IAsyncDisposable
{
    private readonly DbDataSource _source;
    private readonly IHost _host;
    private readonly FakeLogCollector _logs;

    /// <param name="database">The database that nodes share.</param>
    /// <param name="next">The steps of the next library; null for this one.</param>
    /// <param name="migrateAtStart">As the option.</param>
    public SchemaNode(ITestDatabase database, Func<SqlDialect, IReadOnlyList<Migration>>? next = null, bool migrateAtStart = false)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Logging.AddFakeLogging();
        TokenKitBuilder tokenKit = builder.Services.AddTokenKit()
            .AddRealm("api", realm => realm.Prefix = "acme")
            .ConfigureHashing(hashing => (hashing.Parameters, hashing.QueueLimit) = (new Argon2Parameters(8, 1, 1), 100_000));
        if (database is PostgreSqlDatabase postgreSql)
        {
            // As docs/stores.md advises: prepared statements must bear that a column is added.
            _source = NpgsqlDataSource.Create(
                new NpgsqlConnectionStringBuilder(postgreSql.Source.ConnectionString) { MaxAutoPrepare = 40, NoResetOnClose = true, MaxPoolSize = 20 });
            tokenKit.UsePostgreSql(_source, options => (options.SchemaName, options.MigrateAtStart) = (postgreSql.Options.SchemaName, migrateAtStart));
        }
        else
        {
            _source = SqliteDatabase.SourceOf(database.Address, pooling: false);
            tokenKit.UseSqlite(_source, options => options.MigrateAtStart = migrateAtStart);
        }

        if (next is not null)
        {
            builder.Services.AddSingleton(provider => new TokenKitSchema(
                provider.GetRequiredService<SqlDatabase>(),
                next(provider.GetRequiredService<SqlDatabase>().Dialect),
                provider.GetRequiredService<ILogger<TokenKitSchema>>()));
        }

        _host = builder.Build();
        _logs = _host.Services.GetFakeLogCollector();
    }

    public ApiTokens Tokens => _host.Services.GetRequiredService<ApiTokens>();

    public TokenKitSchema Schema => _host.Services.GetRequiredService<TokenKitSchema>();

    /// <summary>The lines with which it said that the schema is newer.</summary>
    public IEnumerable<string> Complaints => _logs.Lines.Where(line => line.StartsWith("2000 ", StringComparison.Ordinal));

    /// <summary>Starts it. A migration that hangs fails.</summary>
    public async Task StartAsync()
    {
        using var enough = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await _host.StartAsync(enough.Token);
    }

    /// <summary>Healthy, Degraded or Unhealthy, as the health check says.</summary>
    public async Task<string> HealthAsync()
    {
        TokenKitHealthReport report = await _host.Services.GetRequiredService<TokenKitHealth>().CheckAsync();
        return !report.Store.IsUsable ? "Unhealthy" : report.Store.IsDegraded ? "Degraded" : "Healthy";
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await _source.DisposeAsync();
    }
}
