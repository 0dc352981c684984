using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis.VirtuousAI;

/// <summary>A host that has mounted the set under the name "vai", and a caller of it: subject "1001" with a session token.</summary>
internal sealed class VaiHost : IAsyncDisposable
{
    public const string Path = "/api/v1/access-tokens";
    public const string Realm = "vai";
    public const string Subject = "1001";

    private VaiHost(TestHost host) => Host = host;

    public TestHost Host { get; }

    /// <summary>The caller's credential.</summary>
    public IssuedToken Session { get; private set; } = null!;

    /// <summary>Starts a host.</summary>
    /// <param name="services">Adds services, after the set.</param>
    /// <param name="map">Maps endpoints instead of mounting the set where its product has it.</param>
    public static async Task<VaiHost> StartAsync(Action<IServiceCollection>? services = null, Action<WebApplication>? map = null)
    {
#pragma warning disable CA2000 // The new object owns the host.
        var vai = new VaiHost(await TestHost.StartAsync(
            collection =>
            {
                collection.AddTokenKit().AddVirtuousAITokens(Realm);
                services?.Invoke(collection);
            },
            map ?? (static app => app.MapVirtuousAITokens(Realm))));
#pragma warning restore CA2000
        vai.Session = await vai.IssueAsync("session");
        return vai;
    }

    /// <summary>The header that authenticates the caller.</summary>
    public (string Name, string Value) Bearer => ("Authorization", $"Bearer {Session.Plaintext}");

    /// <summary>Sends a request with the caller's credential.</summary>
    public Task<Answer> SendAsync(string method, string path, string? json = null) => SendAsync(method, path, json, Bearer);

    /// <summary>Sends a request with these headers and no others. A body is labelled as JSON unless a header says otherwise.</summary>
    public Task<Answer> SendAsync(string method, string path, string? json, params (string Name, string Value)[] headers) =>
        SendAsync(method, path, json is null ? null : Encoding.UTF8.GetBytes(json), headers);

    /// <summary>Posts a body, labelled or not, with the caller's credential.</summary>
    public Task<Answer> PostAsync(byte[] body, string? contentType = "application/json", bool chunked = false) =>
        SendAsync("POST", Path, body, [Bearer, ("Content-Type", contentType ?? ""), .. chunked ? [("Transfer-Encoding", "chunked")] : Array.Empty<(string, string)>()]);

    /// <summary>How many tokens there are in the realm, revoked ones included.</summary>
    public async Task<int> CountAsync() =>
        (await Host.Tokens.ListAsync(new TokenQuery(Realm, SubjectFilter.Any) { IncludeRevoked = true, Limit = TokenQuery.MaximumLimit })).Tokens.Count;

    /// <summary>Issues a token of the host's own making.</summary>
    public Task<IssuedToken> IssueAsync(
        string name,
        string kind = VirtuousAITokensDefaults.SessionKind,
        string subject = Subject,
        string realm = Realm,
        ScopeSet? scopes = null,
        TokenExpiry? expiry = null) => Host.IssueAsync(new IssueRequest(realm)
        {
            Kind = kind,
            Subject = subject,
            Name = name,
            Scopes = scopes,
            Expiry = expiry ?? TokenExpiry.Default,
        });

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    private Task<Answer> SendAsync(string method, string path, byte[]? body, params (string Name, string Value)[] headers)
    {
        IEnumerable<(string Name, string Value)> labelled = headers.Any(header => header.Name == "Content-Type") ? headers : [.. headers, ("Content-Type", "application/json")];
        return Host.Client.AskAsync(method, path, body, [.. labelled.Where(header => header is not ("Content-Type", ""))]);
    }
}
