using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace TokenKit.Dapper.Tests.Drivers;

/// <summary>A host that references TokenKit.Sqlite and TokenKit.PostgreSql beside TokenKit.Dapper, in each form that it may write.</summary>
[TestClass]
public sealed class DriverPackageTests
{
    private static readonly Action<DapperStoreOptions> Migrate = static options => options.MigrateAtStart = true;

    [TestMethod]
    public async Task Sqlite_ConnectionString_KeepsTokensInThatFile()
    {
        using var folder = new TemporaryFolder();

        await IssueAsync((tokenKit, _) => tokenKit.UseSqlite(folder.ConnectionString, Migrate));

        Assert.AreEqual(1, await CountAsync((tokenKit, _) => tokenKit.UseSqlite(folder.ConnectionString)));
    }

    [TestMethod]
    public async Task Sqlite_FileReplacedBetweenTwoHosts_IsTheNewFile()
    {
        using var folder = new TemporaryFolder();
        await IssueAsync((tokenKit, _) => tokenKit.UseSqlite(folder.ConnectionString, Migrate));
        folder.DeleteFiles();

        Assert.AreEqual(0, await CountAsync((tokenKit, _) => tokenKit.UseSqlite(folder.ConnectionString, Migrate)));
    }

    [TestMethod]
    public async Task Sqlite_ConnectionStringOfTheServices_IsReadWhenTheHostStarts()
    {
        using var folder = new TemporaryFolder();

        await IssueAsync((tokenKit, configuration) =>
        {
            configuration["ConnectionStrings:Tokens"] = "Data Source=/nowhere/tokens.db";
            tokenKit.UseSqlite(static services => services.GetRequiredService<IConfiguration>().GetConnectionString("Tokens"), Migrate);
            configuration["ConnectionStrings:Tokens"] = folder.ConnectionString;
        });

        Assert.AreEqual(1, await CountAsync((tokenKit, _) => tokenKit.UseSqlite(folder.ConnectionString)));
    }

    [TestMethod]
    public async Task Sqlite_DataSourceThatTheContainerMakes_IsDisposedWithIt()
    {
        using var folder = new TemporaryFolder();
        var made = new List<WatchedDataSource>();

        await IssueAsync((tokenKit, _) => tokenKit.UseSqlite(
            _ =>
            {
                made.Add(new WatchedDataSource(folder.ConnectionString));
                return made[^1];
            },
            Migrate));

        Assert.IsTrue(made.Single().IsDisposed);
    }

    [TestMethod]
    public async Task Sqlite_DataSourceThatTheHostHandsOver_StaysTheHosts()
    {
        using var folder = new TemporaryFolder();
        await using var own = new WatchedDataSource(folder.ConnectionString);

        await IssueAsync((tokenKit, _) => tokenKit.UseSqlite(own, Migrate));

        Assert.IsFalse(own.IsDisposed);
    }

    [TestMethod]
    public async Task Sqlite_DataSourceOfTheServices_IsFoundWhenTheHostStarts()
    {
        using var folder = new TemporaryFolder();

        await IssueAsync((tokenKit, _) =>
        {
            tokenKit.UseSqlite(static services => services.GetRequiredService<DbDataSource>(), Migrate);
            tokenKit.Services.AddSingleton<DbDataSource>(_ => SqliteFactory.Instance.CreateDataSource(folder.ConnectionString));
        });

        Assert.AreEqual(1, await CountAsync((tokenKit, _) => tokenKit.UseSqlite(folder.ConnectionString)));
    }

    [TestMethod]
    public async Task PostgreSql_EachForm_KeepsTokensThere()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        Action<DapperStoreOptions> schema = options => options.SchemaName = database.Options.SchemaName;
        await using NpgsqlDataSource own = database.OpenAnotherSource();

        await IssueAsync((tokenKit, _) => tokenKit.UsePostgreSql(database.Address, schema));
        await IssueAsync((tokenKit, _) => tokenKit.UsePostgreSql(_ => database.Address, schema));
        await IssueAsync((tokenKit, _) => tokenKit.UsePostgreSql(_ => database.OpenAnotherSource(), schema));
        await IssueAsync((tokenKit, _) => tokenKit.UsePostgreSql(own, schema));

        Assert.AreEqual(4, await CountAsync((tokenKit, _) => tokenKit.UsePostgreSql(own, schema)));
    }

    [TestMethod]
    public async Task PostgreSql_DataSourceOfAConnectionString_IsDisposedWithTheHost()
    {
        await using PostgreSqlDatabase database = await PostgreSqlDatabase.CreateAsync();
        using IHost host = Build((tokenKit, _) => tokenKit.UsePostgreSql(database.Address, options => options.SchemaName = database.Options.SchemaName));
        await host.StartAsync();
        DbDataSource source = host.Services.GetRequiredKeyedService<DbDataSource>("TokenKit");
        await host.StopAsync();

        host.Dispose();

        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(async () => await source.OpenConnectionAsync());
    }

    [TestMethod]
    public void ConnectionString_Empty_IsRefusedAtOnce()
    {
        TokenKitBuilder tokenKit = new ServiceCollection().AddTokenKit();

        Assert.ThrowsExactly<ArgumentException>(() => tokenKit.UseSqlite(" "));
        Assert.ThrowsExactly<ArgumentNullException>(() => tokenKit.UseSqlite((string)null!));
        Assert.ThrowsExactly<ArgumentException>(() => tokenKit.UsePostgreSql(""));
        Assert.ThrowsExactly<ArgumentNullException>(() => tokenKit.UsePostgreSql((string)null!));
    }

    [TestMethod]
    public async Task ConnectionString_NoneAmongTheServices_StopsTheStart()
    {
        using IHost sqlite = Build((tokenKit, configuration) => tokenKit.UseSqlite(_ => configuration["None"]));
        using IHost postgreSql = Build((tokenKit, configuration) => tokenKit.UsePostgreSql(_ => configuration["None"]));

        Assert.Contains("UseSqlite found no connection string", (await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => sqlite.StartAsync())).Message);
        Assert.Contains("UsePostgreSql found no connection string", (await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => postgreSql.StartAsync())).Message);
    }

    [TestMethod]
    public async Task Store_SaidLast_IsTheOneThatIsUsed()
    {
        using var folder = new TemporaryFolder();

        await IssueAsync((tokenKit, _) => tokenKit.UsePostgreSql("Host=nowhere").UseSqlite("Data Source=/nowhere/tokens.db").UseSqlite(folder.ConnectionString, Migrate));

        Assert.AreEqual(1, await CountAsync((tokenKit, _) => tokenKit.UseSqlite(folder.ConnectionString)));
    }

    private static async Task IssueAsync(Action<TokenKitBuilder, IConfiguration> use) => await RunAsync(use, async tokens =>
    {
        Assert.IsInstanceOfType<IssueResult.Issued>(await tokens.IssueAsync(new IssueRequest("api") { Subject = "1000" }));
        return 0;
    });

    private static Task<int> CountAsync(Action<TokenKitBuilder, IConfiguration> use) =>
        RunAsync(use, async tokens => await tokens.ListAllAsync(new TokenQuery("api", SubjectFilter.Any)).CountAsync());

    private static async Task<T> RunAsync<T>(Action<TokenKitBuilder, IConfiguration> use, Func<ApiTokens, Task<T>> work)
    {
        using IHost host = Build(use);
        await host.StartAsync();
        T result = await work(host.Services.GetRequiredService<ApiTokens>());
        await host.StopAsync();
        return result;
    }

    private static IHost Build(Action<TokenKitBuilder, IConfiguration> use)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        use(
            builder.Services.AddLogging().AddTokenKit()
                .ConfigureHashing(static hashing => hashing.Parameters = new Argon2Parameters(64, 1, 1))
                .AddRealm("api", static realm => realm.Prefix = "acme"),
            builder.Configuration);
        return builder.Build();
    }

    private sealed class TemporaryFolder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tokenkit-");

        public string ConnectionString => $"Data Source={Path.Combine(_folder.FullName, "tokens.db")}";

        public void DeleteFiles()
        {
            foreach (FileInfo file in _folder.GetFiles())
            {
                file.Delete();
            }
        }

        public void Dispose() => _folder.Delete(recursive: true);
    }

    private sealed class WatchedDataSource(string connectionString) : DbDataSource
    {
        public bool IsDisposed { get; private set; }

        public override string ConnectionString => connectionString;

        protected override DbConnection CreateDbConnection() => new SqliteConnection(connectionString);

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }

        protected override ValueTask DisposeAsyncCore()
        {
            IsDisposed = true;
            return base.DisposeAsyncCore();
        }
    }
}
