using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;

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

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    private async Task<Answer> SendAsync(string method, string path, byte[]? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
        string contentType = headers.Where(header => header.Name == "Content-Type").Select(header => header.Value).FirstOrDefault("application/json");
        request.Content = body is null ? null : new ByteArrayContent(body);
        if (contentType.Length > 0)
        {
            request.Content?.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        foreach ((string name, string value) in headers.Where(header => header.Name != "Content-Type"))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage response = await Host.Client.SendAsync(request);
        return await Answer.FromAsync(response);
    }

    /// <summary>Issues a token of the host's own making.</summary>
    public async Task<IssuedToken> IssueAsync(
        string name,
        string kind = VirtuousAITokensDefaults.SessionKind,
        string subject = Subject,
        string realm = Realm,
        ScopeSet? scopes = null,
        TokenExpiry? expiry = null)
    {
        IssueResult result = await Host.Tokens.IssueAsync(new IssueRequest(realm)
        {
            Kind = kind,
            Subject = subject,
            Name = name,
            Scopes = scopes,
            Expiry = expiry ?? TokenExpiry.Default,
        });
        return result is IssueResult.Issued issued
            ? new IssuedToken(issued.Token, issued.Plaintext.Reveal())
            : throw new InvalidOperationException($"No token was issued: {result}");
    }
}

/// <summary>What came back.</summary>
internal sealed record Answer(int Status, HttpResponseHeaders Headers, string? ContentType, string Text)
{
    public JsonElement Json => JsonElement.Parse(Text);

    public static async Task<Answer> FromAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode,
        response.Headers,
        response.Content.Headers.ContentType?.ToString(),
        await response.Content.ReadAsStringAsync());

    public string Header(string name) => Headers.TryGetValues(name, out IEnumerable<string>? values) ? string.Join('|', values) : "";
}
