using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace TokenKit.VerificationBenchmarks;

/// <summary>A host with one realm and one token, as a user of the library would have it. Nobody listens to its logs and meters.</summary>
internal sealed class Node : IAsyncDisposable
{
    public const string Realm = "api";

    private readonly IHost _host;
    private readonly DirectoryInfo? _directory;

    private Node(IHost host, DirectoryInfo? directory)
    {
        _host = host;
        _directory = directory;
        Tokens = host.Services.GetRequiredService<ApiTokens>();
    }

    public ApiTokens Tokens { get; }

    public IssueResult.Issued Issued { get; private set; } = null!;

    public static Task<Node> StartInMemoryAsync(TimeSpan delay) => StartAsync(delay, tokenKit => tokenKit.UseInMemoryStore(), directory: null);

    public static Task<Node> StartOnSqliteAsync(TimeSpan delay)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("tokenkit-");
        DbDataSource source = SqliteFactory.Instance.CreateDataSource($"Data Source={Path.Combine(directory.FullName, "tokens.db")}");
        return StartAsync(delay, tokenKit => tokenKit.UseSqlite(source, store => store.MigrateAtStart = true), directory);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        SqliteConnection.ClearAllPools();
        _directory?.Delete(recursive: true);
    }

    private static async Task<Node> StartAsync(TimeSpan delay, Action<TokenKitBuilder> useStore, DirectoryInfo? directory)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        TokenKitBuilder tokenKit = builder.Services.AddTokenKit().AddRealm(Realm, realm =>
        {
            realm.Prefix = "acme";
            realm.IssuedScopes = ScopeSet.Create("orders:read");
            realm.MaximumRevocationDelay = delay;
        });
        useStore(tokenKit);
        IHost host = builder.Build();
        await host.StartAsync();
        var node = new Node(host, directory);
        node.Issued = (IssueResult.Issued)await node.Tokens.IssueAsync(new IssueRequest(Realm) { Subject = "1000", Name = "CI" });
        return node;
    }
}
