using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using TokenKit.Stores;

namespace TokenKit.Dapper.Tests.Schema;

[TestClass]
public sealed class SchemaAtStartTests
{
    [TestMethod]
    public async Task Host_WithoutTables_DoesNotStartAndSaysWhatToDo()
    {
        await using var database = new SqliteDatabase();
        using IHost host = Build(tokenKit => tokenKit.UseSqlite(database.Source));

        InvalidOperationException failure = await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => host.StartAsync());

        Assert.Contains("The database has no tables 'tokenkit_…'. Call TokenKitSchema.MigrateAsync, or set DapperStoreOptions.MigrateAtStart", failure.Message);
    }

    [TestMethod]
    [DataRow(0, "has no tables")]
    [DataRow(1, "needs 2")]
    [DataRow(99, "can be used by a TokenKit.Dapper that knows version 99, but this one knows only 2. Run the version that the database was migrated with")]
    public async Task Host_WithAnotherSchema_DoesNotStart(int version, string message)
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        await database.ExecuteAsync($"UPDATE tokenkit_schema SET version = {version}, readable_by = {version}");
        using IHost host = Build(tokenKit => tokenKit.UseSqlite(database.Source));

        InvalidOperationException failure = await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => host.StartAsync());

        Assert.Contains(message, failure.Message);
    }

    [TestMethod]
    public async Task Host_ThatMigratesAtStart_HasTheSqlStore()
    {
        await using var database = new SqliteDatabase();
        using IHost host = Build(tokenKit => tokenKit.UseSqlite(database.Source, options => (options.MigrateAtStart, options.TablePrefix) = (true, "acme_")));

        await host.StartAsync();
        ITokenStore store = host.Services.GetRequiredService<ITokenStore>();
        await store.AddAsync(Tokens.Row());
        await host.StopAsync();

        Assert.AreEqual(1L, await database.ExecuteAsync("SELECT count(*) FROM acme_token"));
        Assert.AreEqual(SchemaState.Current, (await host.Services.GetRequiredService<TokenKitSchema>().CheckAsync()).State);
    }

    [TestMethod]
    public async Task Host_WithANewerSchema_DoesNotMigrateAtStart()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        await database.ExecuteAsync("UPDATE tokenkit_schema SET version = 99, readable_by = 99");
        using IHost host = Build(tokenKit => tokenKit.UseSqlite(database.Source, options => options.MigrateAtStart = true));

        await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => host.StartAsync());
    }

    [TestMethod]
    public async Task Host_WithAnotherStoreSaidLater_StartsWithoutTheDatabase()
    {
        await using var database = new SqliteDatabase();
        using IHost host = Build(tokenKit => tokenKit.UseSqlite(database.Source).UseInMemoryStore());

        await host.StartAsync();
        await host.StopAsync();

        Assert.IsInstanceOfType<InMemoryTokenStore>(host.Services.GetRequiredService<ITokenStore>());
    }

    [TestMethod]
    public async Task Host_WithABadTablePrefix_DoesNotStart()
    {
        await using var database = new SqliteDatabase();
        using IHost host = Build(tokenKit => tokenKit.UseSqlite(database.Source, options => options.TablePrefix = "a b"));

        await Assert.ThrowsExactlyAsync<ArgumentException>(() => host.StartAsync());
    }

    // SQLite's names of tables have no case: both prefixes mean the same tables.
    [TestMethod]
    public async Task Host_WithAPrefixOfAnotherCase_StartsAndIsHealthy()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        using IHost host = Build(tokenKit => tokenKit.UseSqlite(database.Source, options => options.TablePrefix = "TokenKit_"));

        await host.StartAsync();

        Assert.IsTrue((await host.Services.GetRequiredService<ITokenStore>().CheckAsync(CancellationToken.None)).IsUsable);
        await host.StopAsync();
    }

    [TestMethod]
    [DataRow("Cache=Shared", 1)]
    [DataRow("Cache=Private", 0)]
    [DataRow("", 0)]
    public async Task Host_WithASharedCache_IsWarned(string setting, int warnings)
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        using var logs = new FakeLoggerProvider();
        using IHost host = Build(tokenKit =>
        {
            tokenKit.Services.AddLogging(logging => logging.AddProvider(logs));
            tokenKit.UseSqlite($"Data Source={database.File};{setting}");
        });

        await host.StartAsync();
        await host.StopAsync();

        Assert.HasCount(warnings, logs.Collector.GetSnapshot().Where(line => line.Id.Id == 2002 && line.Message.StartsWith("The connection string says Cache=Shared.", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task Host_WithoutLogging_Starts()
    {
        await using SqliteDatabase database = await SqliteDatabase.CreateAsync();
        var services = new ServiceCollection();
        services.AddTokenKit().UseSqlite(database.Source).AddRealm("api", realm => realm.Prefix = "acme");
        await using ServiceProvider provider = services.BuildServiceProvider();
        foreach (IHostedLifecycleService service in provider.GetServices<IHostedService>().OfType<IHostedLifecycleService>())
        {
            await service.StartingAsync(CancellationToken.None);
        }

        Assert.IsInstanceOfType<IssueResult.Issued>(await provider.GetRequiredService<ApiTokens>().IssueAsync(new IssueRequest("api") { Subject = "1000", Name = "CI" }));
    }

    private static IHost Build(Action<TokenKitBuilder> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        configure(builder.Services.AddLogging().AddTokenKit().AddRealm("api", realm => realm.Prefix = "acme"));
        return builder.Build();
    }
}
