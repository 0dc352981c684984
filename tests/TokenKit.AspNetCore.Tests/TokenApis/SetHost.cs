using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.Recovery;

namespace TokenKit.AspNetCore.Tests.TokenApis;

/// <summary>A host for endpoint sets whose realms keep recoverable copies.</summary>
internal sealed class SetHost : IAsyncDisposable
{
    private SetHost(TestHost host) => Host = host;

    public TestHost Host { get; }

    public static async Task<SetHost> StartAsync(Action<IServiceCollection> services, Action<WebApplication> map) => new(await TestHost.StartAsync(
        collection =>
        {
            collection.AddSingleton<SwitchableProtector>().AddSingleton<ITokenProtector>(provider => provider.GetRequiredService<SwitchableProtector>());
            services(collection);
        },
        map));

    public SwitchableProtector Protector => Host.Services.GetRequiredService<SwitchableProtector>();

    public async Task<IssuedToken> IssueAsync(IssueRequest request)
    {
        IssueResult result = await Host.Tokens.IssueAsync(request);
        return result is IssueResult.Issued issued
            ? new IssuedToken(issued.Token, issued.Plaintext.Reveal())
            : throw new InvalidOperationException($"No token was issued: {result}");
    }

    public Task SuspendAsync(IssuedToken token) =>
        Host.Tokens.UpdateAsync(new UpdateRequest(token.Record.Realm, token.Record.Id, SubjectFilter.Any) { Suspended = true });

    /// <summary>How many tokens there are in a realm, revoked ones included.</summary>
    public async Task<int> CountAsync(string realm) =>
        await Host.Tokens.ListAllAsync(new TokenQuery(realm, SubjectFilter.Any) { IncludeRevoked = true }).CountAsync();

    /// <summary>Sends a request with these headers and no others, byte for byte, Content-Type included.</summary>
    public async Task<Answer> SendAsync(string method, string path, byte[]? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
        request.Content = body is null ? null : new ByteArrayContent(body);
        foreach ((string name, string value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using HttpResponseMessage response = await Host.Client.SendAsync(request);
        return await Answer.FromAsync(response);
    }

    public Task<Answer> SendAsync(string method, string path, string? body, params (string Name, string Value)[] headers) =>
        SendAsync(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), headers);

    public ValueTask DisposeAsync() => Host.DisposeAsync();
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

/// <summary>Hides plaintexts well enough for a test, and can lose its key.</summary>
internal sealed class SwitchableProtector : ITokenProtector
{
    public bool HasLostItsKey { get; set; }

    public bool IsBroken { get; set; }

    public byte[] Protect(ReadOnlySpan<byte> plaintext) => [.. plaintext.ToArray().Select(unit => (byte)(unit ^ 0x55))];

    public bool TryUnprotect(ReadOnlySpan<byte> ciphertext, [NotNullWhen(true)] out byte[]? plaintext)
    {
        plaintext = IsBroken ? throw new InvalidOperationException("inner workings") : HasLostItsKey ? null : Protect(ciphertext);
        return plaintext is not null;
    }
}
