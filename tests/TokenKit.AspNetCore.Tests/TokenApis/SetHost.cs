using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.Recovery;
using TokenKit.TestKit;

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

    public Task SuspendAsync(IssuedToken token) =>
        Host.Tokens.UpdateAsync(new UpdateRequest(token.Record.Realm, token.Record.Id, SubjectFilter.Any) { Suspended = true });

    /// <summary>How many tokens there are in a realm, revoked ones included.</summary>
    public async Task<int> CountAsync(string realm) =>
        await Host.Tokens.ListAllAsync(new TokenQuery(realm, SubjectFilter.Any) { IncludeRevoked = true }).CountAsync();

    /// <summary>Sends a request with these headers and no others, byte for byte, Content-Type included.</summary>
    public Task<Answer> SendAsync(string method, string path, byte[]? body, params (string Name, string Value)[] headers) =>
        Host.Client.AskAsync(method, path, body, headers);

    public Task<Answer> SendAsync(string method, string path, string? body, params (string Name, string Value)[] headers) =>
        SendAsync(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), headers);

    public ValueTask DisposeAsync() => Host.DisposeAsync();
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
