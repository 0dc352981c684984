using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using TokenKit.Hashing;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.Hosting;

/// <summary>A host on a free loopback port, reached over real sockets, whose tokens are in memory. It has the realms "api" and "other".</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SocketsHttpHandler _handler;

    private TestHost(WebApplication app, FaultyStore store, TestClock clock)
    {
        _app = app;
        Store = store;
        Clock = clock;
        Logs = app.Services.GetFakeLogCollector();
        Address = new Uri(app.Urls.Single());

        // Nothing is done behind a test's back: redirects and cookies stay visible.
        _handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        Client = new HttpClient(_handler) { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public ApiTokens Tokens => Services.GetRequiredService<ApiTokens>();

    public FaultyStore Store { get; }

    public TestClock Clock { get; }

    public FakeLogCollector Logs { get; }

    /// <summary>Starts a host.</summary>
    /// <param name="configure">Adds services; TokenKit is added already.</param>
    /// <param name="map">Maps endpoints.</param>
    /// <param name="store">The store; a new one when null. Two hosts over one store are two nodes.</param>
    public static async Task<TestHost> StartAsync(Action<IServiceCollection> configure, Action<WebApplication> map, FaultyStore? store = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        store ??= new FaultyStore();

        // No two tokens are made at the same time, so that their order is known.
        var clock = new TestClock(TimeProvider.System.GetUtcNow()) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddFakeLogging().SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSingleton<ISecretHasher, QuickHasher>();
        builder.Services.AddTokenKit()
            .UseStore(_ => store)
            .AddRealm("api", realm => realm.Prefix = "acme")
            .AddRealm("other", realm => realm.Prefix = "other");
        configure(builder.Services);
        WebApplication app = builder.Build();
        map(app);
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new TestHost(app, store, clock);
    }

    /// <summary>Issues a token of the realm "api" for the subject "1001", unless told otherwise.</summary>
    public Task<IssuedToken> IssueAsync(string scopes = "", string realm = "api", string subject = "1001", TokenExpiry? expiry = null) =>
        IssueAsync(new IssueRequest(realm)
        {
            Subject = subject,
            Scopes = ScopeSet.Create(scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
            Expiry = expiry ?? TokenExpiry.Default,
        });

    public async Task<IssuedToken> IssueAsync(IssueRequest request)
    {
        IssueResult result = await Tokens.IssueAsync(request);
        return result is IssueResult.Issued issued
            ? new IssuedToken(issued.Token, issued.Plaintext.Reveal())
            : throw new InvalidOperationException($"No token was issued: {result}");
    }

    /// <summary>Revokes a token.</summary>
    public Task RevokeAsync(IssuedToken token) => Tokens.RevokeAsync(token.Record.Realm, token.Record.Id, SubjectFilter.Any);

    /// <summary>Sends a request with headers as they are, malformed ones included; a header that is given twice is joined into one line.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request);
    }

    /// <summary>Gets a path with the Authorization header <c>Bearer …</c>.</summary>
    public Task<HttpResponseMessage> GetAsync(string path, string token) => SendAsync(HttpMethod.Get, path, ("Authorization", $"Bearer {token}"));

    /// <summary>Sends lines byte for byte, ends the header section and returns the whole response.</summary>
    public async Task<string> SendRawAsync(params string[] lines)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Address.Host, Address.Port);
        await using NetworkStream stream = client.GetStream();
        string text = string.Join("\r\n", [.. lines, $"Host: {Address.Authority}", "Connection: close", "", ""]);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    /// <summary>Shuts the host down, as a signal to its process would.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _handler.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>A token and its plaintext.</summary>
internal sealed record IssuedToken(ApiToken Record, string Plaintext);
