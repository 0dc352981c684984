using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Authorization;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.AspNetCore.Tests.TokenApis.Canvus.Streams;
using TokenKit.AspNetCore.TokenApis.Canvus;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis.Canvus;

/// <summary>
/// A host that has mounted the set under the name "canvus". There are the users 1000, an administrator, and 1001 and 1002, regular ones;
/// the first two have a token each.
/// </summary>
internal sealed class CanvusHost : IAsyncDisposable
{
    public const string Realm = "canvus";

    private CanvusHost(TestHost host) => Host = host;

    public TestHost Host { get; }

    /// <summary>The token of user 1000.</summary>
    public IssuedToken Administrator { get; private set; } = null!;

    /// <summary>The token of user 1001.</summary>
    public IssuedToken User { get; private set; } = null!;

    /// <summary>Starts a host.</summary>
    /// <param name="services">Adds services, after the set.</param>
    /// <param name="map">Maps endpoints instead of mounting the set where its product has it.</param>
    /// <param name="store">The store; a new one when null. Two hosts over one store are two nodes.</param>
    public static async Task<CanvusHost> StartAsync(
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? map = null,
        FaultyStore? store = null)
    {
        var canvus = new CanvusHost(await TestHost.StartAsync(
            collection =>
            {
                collection.AddScoped<ITokenCallerRights, Rights>().AddScoped<ICanvusUsers, Users>();
                collection.AddTokenKit().AddCanvusTokens(Realm);
                services?.Invoke(collection);
            },
            map ?? (static app => app.MapCanvusTokens(Realm)),
            store));
        canvus.Administrator = await canvus.IssueAsync("administrator's", "1000");
        canvus.User = await canvus.IssueAsync("user's", "1001");
        return canvus;
    }

    /// <summary>Starts a host whose streams look, check and keep alive in these intervals; an hour is never.</summary>
    public static Task<CanvusHost> StartAsync(TimeSpan poll, TimeSpan? keepAlive = null, Action<IServiceCollection>? services = null, FaultyStore? store = null) =>
        StartAsync(
            collection =>
            {
                collection.AddTokenKit().AddCanvusTokens(Realm, canvus =>
                {
                    canvus.Streams.PollInterval = poll;
                    canvus.Streams.KeepAliveInterval = keepAlive ?? TimeSpan.FromHours(1);
                });
                services?.Invoke(collection);
            },
            store: store);

    /// <summary>The path of a user's tokens, or of one of them.</summary>
    public static string PathOf(string user, string? token = null) => $"/api/v1/users/{user}/access-tokens{(token is null ? "" : $"/{token}")}";

    /// <summary>Issues a token of the host's own making.</summary>
    public Task<IssuedToken> IssueAsync(string name, string subject, string realm = Realm, string? kind = null, string? scopes = null) =>
        Host.IssueAsync(new IssueRequest(realm)
        {
            Kind = kind,
            Subject = subject,
            Name = name,
            Scopes = scopes is null ? null : ScopeSet.Create(scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
        });

    /// <summary>Sends a request by user 1001.</summary>
    public Task<Answer> SendAsync(string method, string path, string? body = null) => SendAsync(User, method, path, body);

    /// <summary>Sends a request by whoever has a token. Its body is labelled the way curl does it.</summary>
    public Task<Answer> SendAsync(IssuedToken by, string method, string path, string? body = null) =>
        SendAsync(method, path, body, ("Private-Token", by.Plaintext), ("Content-Type", "application/x-www-form-urlencoded"));

    /// <summary>Sends a request with these headers and no others.</summary>
    public Task<Answer> SendAsync(string method, string path, string? body, params (string Name, string Value)[] headers) =>
        Host.Client.AskAsync(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), headers);

    /// <summary>Opens a stream for whoever has a token.</summary>
    public Task<OpenStream> SubscribeAsync(IssuedToken by, string path) => OpenStream.OpenAsync(Host.Client, path + "?subscribe", ("Private-Token", by.Plaintext));

    /// <summary>Creates a token of user 1001 and gives its id.</summary>
    public async Task<string> CreateAsync(string description = "made")
    {
        Answer reply = await SendAsync("POST", PathOf("1001"), $$"""{"description":"{{description}}"}""");
        return reply.Json.GetProperty("id").GetString()!;
    }

    /// <summary>How many tokens there are in the realm, revoked ones included.</summary>
    public async Task<int> CountAsync() =>
        (await Host.Tokens.ListAsync(new TokenQuery(Realm, SubjectFilter.Any) { IncludeRevoked = true, Limit = TokenQuery.MaximumLimit })).Tokens.Count;

    /// <summary>Waits for something that happens by itself.</summary>
    public static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    /// <inheritdoc cref="UntilAsync(Func{bool})"/>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        long start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.IsLessThan(60, Stopwatch.GetElapsedTime(start).TotalSeconds);
            await Task.Delay(50);
        }
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    /// <summary>User 1000 manages everybody's tokens, everybody else their own.</summary>
    private sealed class Rights : ITokenCallerRights
    {
        public ValueTask<bool> MayManageAsync(TokenCaller caller, string realm, string? subject, CancellationToken cancellationToken) =>
            ValueTask.FromResult(caller.Subject == "1000" || caller.Subject == subject);
    }

    internal sealed class Users : ICanvusUsers
    {
        public ValueTask<bool> ExistsAsync(string realm, long userId, CancellationToken cancellationToken) =>
            ValueTask.FromResult(userId is >= 1000 and <= 1002);
    }
}
