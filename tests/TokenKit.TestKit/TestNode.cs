using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using TokenKit.Hashing;
using TokenKit.Stores;

namespace TokenKit.TestKit;

/// <summary>A whole TokenKit over a real in-memory store, with a clock, meters and logs that a test can read.</summary>
public sealed class TestNode : IAsyncDisposable
{
    public const string Realm = "api";

    private readonly IHost _host;

    private TestNode(IHost host, FaultyStore store)
    {
        _host = host;
        Store = store;
        Meter = new TestMeter(host.Services.GetRequiredService<IMeterFactory>());
    }

    public ApiTokens Tokens => _host.Services.GetRequiredService<ApiTokens>();

    public TestClock Clock => (TestClock)_host.Services.GetRequiredService<TimeProvider>();

    public QuickHasher Hasher => (QuickHasher)_host.Services.GetRequiredService<ISecretHasher>();

    public FaultyStore Store { get; }

    public TestMeter Meter { get; }

    public FakeLogCollector Logs => _host.Services.GetFakeLogCollector();

    public IServiceProvider Services => _host.Services;

    /// <summary>Starts a host with one realm.</summary>
    /// <param name="realm">Sets the realm's limits.</param>
    /// <param name="configure">Configures what else is wanted.</param>
    /// <param name="store">The store; a new one when null. Two hosts over one store are two nodes.</param>
    public static async Task<TestNode> StartAsync(Action<RealmOptions>? realm = null, Action<TokenKitBuilder>? configure = null, ITokenStore? store = null)
    {
        var faulty = new FaultyStore(store);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddFakeLogging();
        builder.Services.AddSingleton<TimeProvider>(new TestClock());
        builder.Services.AddSingleton<ISecretHasher>(new QuickHasher());
        TokenKitBuilder tokenKit = builder.Services.AddTokenKit()
            .UseStore(_ => faulty)
            .AddRealm(Realm, options =>
            {
                options.Prefix = "acme";
                options.IssuedScopes = ScopeSet.Create("read", "write");
                realm?.Invoke(options);
            });
        configure?.Invoke(tokenKit);
        IHost host = builder.Build();
        await host.StartAsync();
        return new TestNode(host, faulty);
    }

    public async Task<IssueResult.Issued> IssueAsync(string subject = "1000", string name = "CI", Func<IssueRequest, IssueRequest>? change = null)
    {
        var request = new IssueRequest(Realm) { Subject = subject, Name = name };
        IssueResult result = await Tokens.IssueAsync(change?.Invoke(request) ?? request);
        return result as IssueResult.Issued ?? throw new InvalidOperationException($"No token was issued: {result}");
    }

    public async ValueTask DisposeAsync()
    {
        Meter.Dispose();
        await _host.StopAsync();
        _host.Dispose();
    }
}
