using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.AspNetCore.Tests.TokenApis.Canvus;
using TokenKit.AspNetCore.TokenApis.Canvus;
using TokenKit.Hashing;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.Traces;

/// <summary>The traces of Canvus. There are the users 1000, an administrator, and 1001, who calls, and 1002.</summary>
internal static class CanvusTraces
{
    private const string Subject = "1001";
    private const string Second = "second";
    private const string LoginKind = "login";

    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    private static readonly Dictionary<string, Given> Callers = new(StringComparer.Ordinal)
    {
        ["user"] = Token(),
        ["administrator"] = Token("1000"),
        ["other-user"] = Token("1002"),
        ["nobody"] = Token(""),
        ["alice"] = Token("alice"),
        ["reader"] = Token(change: static request => request with { Scopes = ScopeSet.Create("models:read") }),
        ["login"] = Token(change: static request => request with { Kind = LoginKind }),
        ["hourly"] = Token(change: static request => request with { Kind = LoginKind, Expiry = TokenExpiry.After(TimeSpan.FromHours(1)) }),
        ["second"] = Token(realm: Second) with { Services = static services => services.AddTokenKit().AddCanvusTokens(Second) },
        ["revoked"] = Token(then: RevokeAsync),
        ["suspended"] = Token(change: static request => request with { Suspended = true }),
        ["forged"] = Given.Text(static host => ForgedToken.Mix(host.Values["user"], host.Values["revoked"])),
        ["session"] = Given.Cookie(Subject, Admit),
        ["nameless-session"] = Given.Cookie("", Admit),
        ["foreign-token"] = Given.ForeignToken(Admit),
        ["command-line"] = Given.CommandLine(CanvusHost.Realm, Admit),
    };

    private static readonly Dictionary<string, Given> Hosts = new(StringComparer.Ordinal)
    {
        ["second-set"] = HostPart.Of(
            static services => services.AddTokenKit().AddCanvusTokens(Second),
            static app => app.MapGroup("/tenants/{id}").MapCanvusTokens(Second, "/users/")),
        ["own-endpoints"] = HostPart.Of(static _ => { }, static app =>
        {
            app.MapGet("/api/v1/users/{id}", static (string id) => $"user {id}");
            app.MapGet("/api/v1/users/{id}/{part}", static (string id, string part) => $"{part} of {id}");
        }),
        ["unique-descriptions"] = Realm(static realm => realm.UniqueNames = true),
        ["two-tokens-at-most"] = Realm(static realm => realm.MaximumLivingTokens = 2),
        ["a-day-at-most"] = Realm(static realm => (realm.DefaultLifetime, realm.MaximumLifetime) = (TimeSpan.FromDays(1), TimeSpan.FromDays(1))),
        ["store-up"] = Given.State(static host => host.Set.Host.Store.IsDown = false),
        ["stop"] = new(Make: static (host, _) => host.Set.Host.StopAsync()),
    };

    private static readonly Dictionary<string, Given> Streams = new(StringComparer.Ordinal)
    {
        ["one-stream-at-most"] = Stream(static streams => streams.MaximumPerCaller = 1),
        ["poll-soon"] = Stream(static streams => streams.PollInterval = Soon),
        ["poll-never"] = Stream(static streams => streams.PollInterval = Never),
        ["keep-alive-soon"] = Stream(static streams => streams.KeepAliveInterval = Soon),
        ["little-patience"] = Given.Option(static services =>
        {
            Configure(services, static canvus => canvus.Streams.WriteTimeout = TimeSpan.FromSeconds(1));

            // The server's own limit would do; the set's has to do without it.
            services.Configure<KestrelServerOptions>(static kestrel => kestrel.Limits.MinResponseDataRate = null);
        }),

        // The host itself waits half a minute.
        ["much-patience"] = Given.Option(static services =>
        {
            Configure(services, static canvus => canvus.Streams.WriteTimeout = Never);
            services.Configure<KestrelServerOptions>(static kestrel => kestrel.Limits.MinResponseDataRate = null);
        }),
        ["stop-at-once"] = new(Make: static (host, _) => host.Set.Host.StopAsync().WaitAsync(TimeSpan.FromSeconds(15))),

        // More than the buffers of both sockets take.
        ["much-to-say"] = new(Make: static async (host, _) =>
        {
            string description = new('€', 10_000);
            for (int i = 0; i < 500; i++)
            {
                await host.Set.Host.IssueAsync(new IssueRequest(CanvusHost.Realm) { Subject = Subject, Name = description });
            }
        }),
        ["stream-dropped"] = new(Make: static (host, _) => CanvusHost.UntilAsync(() =>
            host.Set.Host.Logs.Lines.Any(static line => line.Contains("a stream was dropped", StringComparison.Ordinal)))),
        ["revoke-user"] = Given.Revoke("user"),
        ["delete-user"] = Here(static (tokens, id) => tokens.DeleteAsync(CanvusHost.Realm, id, SubjectFilter.Any)),
        ["suspend-user"] = Here(static (tokens, id) => tokens.UpdateAsync(RequestOf(id) with { Suspended = true })),
        ["unscope-user"] = Given.Unscope("user"),

        // What another process does on the same store.
        ["elsewhere-token"] = Elsewhere(static async (tokens, host) =>
        {
            var issued = (IssueResult.Issued)await tokens.IssueAsync(new IssueRequest(CanvusHost.Realm) { Subject = Subject, Name = "elsewhere" });
            host.Values["elsewhere-id"] = TokenIdText.Write(issued.Token.Id);
        }),
        ["elsewhere-changed"] = Elsewhere(static async (tokens, host) =>
        {
            foreach (string name in new[] { "changed", "changed again" })
            {
                await tokens.UpdateAsync(RequestOf(IdOf(host, "elsewhere")) with { Name = name });
            }
        }),
        ["elsewhere-user-revoked"] = Elsewhere(static (tokens, host) => tokens.RevokeAsync(CanvusHost.Realm, IdOf(host, "user"), SubjectFilter.Any)),
    };

    public static TraceSet Set { get; } = new(
        "Canvus",
        static (services, _) =>
        {
            services.AddScoped<ICanvusUsers, CanvusHost.Users>();
            services.AddTokenKit().AddCanvusTokens(CanvusHost.Realm).AddRealm(CanvusHost.Realm, static realm => realm.AddKind(LoginKind));
        },
        static app => HostPart.Map(app, static host => host.MapCanvusTokens(CanvusHost.Realm)),
        new[] { Callers, Hosts, Streams, HostPart.Vocabulary }.SelectMany(static words => words).ToDictionary(StringComparer.Ordinal),
        CanvusTraceDialect.Fault);

    private static Given Token(
        string subject = Subject,
        string realm = CanvusHost.Realm,
        Func<IssueRequest, IssueRequest>? change = null,
        Func<TraceHost, IssuedToken, Task>? then = null) => new(Make: async (host, name) =>
        {
            var request = new IssueRequest(realm) { Subject = subject, Name = name };
            IssuedToken token = await host.Set.Host.IssueAsync(change?.Invoke(request) ?? request);
            host.Keep(name, token, TokenIdText.Write(token.Record.Id));
            await (then?.Invoke(host, token) ?? Task.CompletedTask);
        });

    private static Task RevokeAsync(TraceHost host, IssuedToken token) => host.Set.Host.RevokeAsync(token);

    private static Given Realm(Action<RealmOptions> change) => Given.Option(services => services.AddTokenKit().AddRealm(CanvusHost.Realm, change));

    private static void Admit(IServiceCollection services, string scheme) => Configure(services, canvus => canvus.AdditionalSchemes.Add(scheme));

    private static Given Stream(Action<CanvusStreamOptions> change) => Given.Option(services => Configure(services, canvus => change(canvus.Streams)));

    private static void Configure(IServiceCollection services, Action<CanvusTokensOptions> change) =>
        services.AddTokenKit().AddCanvusTokens(CanvusHost.Realm, change);

    private static Given Here(Func<ApiTokens, Guid, Task> change) => new(Make: (host, _) => change(host.Set.Host.Tokens, IdOf(host, "user")));

    private static Given Elsewhere(Func<ApiTokens, TraceHost, Task> change) => new(Make: async (host, _) =>
    {
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton<TimeProvider>(host.Clock).AddSingleton<ISecretHasher, QuickHasher>();
        services.AddTokenKit().UseStore(_ => host.Set.Host.Store).AddCanvusTokens(CanvusHost.Realm);
        await using ServiceProvider process = services.BuildServiceProvider();
        await change(process.GetRequiredService<ApiTokens>(), host);
    });

    private static UpdateRequest RequestOf(Guid id) => new(CanvusHost.Realm, id, SubjectFilter.Any);

    private static Guid IdOf(TraceHost host, string token) =>
        TokenIdText.TryRead(host.Values[token + "-id"], out Guid id) ? id : throw new FormatException($"{token} has no id.");
}

/// <summary>What Canvus' answers look like, whatever was asked.</summary>
internal static class CanvusTraceDialect
{
    private static readonly string[] Plain = ["created_at", "description", "id"];
    private static readonly string[] Created = [.. Plain, "plain_token"];
    private static readonly string[] Streamed = [.. Plain, "state"];

    /// <summary>What is wrong with an answer of the set.</summary>
    public static string? Fault(RawResponse answer) =>
        answer.Status == 200 && answer.Header("Cache-Control") == "no-cache" ? FaultOfStream(answer)
        : answer.Header("Cache-Control") != "no-store" ? "It is not no-store."
        : answer.Status switch
        {
            200 when answer.IsEmpty => answer.Header("Content-Type") is null ? null : "Nothing has a Content-Type.",
            200 => FaultOfTokens(answer, Plain, Created),
            401 when answer.Header("WWW-Authenticate") is null => "401 is without WWW-Authenticate.",
            401 => FaultOfError(answer, "msg", "message"),
            405 when answer.Header("Allow") is null => "405 is without Allow.",
            503 when answer.Header("Retry-After") is null => "503 is without Retry-After.",
            400 or 403 or 404 or 405 or 413 or 500 or 503 => FaultOfError(answer, "msg"),
            _ => "There is no such status.",
        };

    private static string? FaultOfStream(RawResponse answer) =>
        answer.Header("Cache-Control") == "no-cache" ? FaultOfTokens(answer, Streamed) : "It is no stream.";

    private static string? FaultOfTokens(RawResponse answer, params string[][] shapes) =>
        answer.Header("Content-Type") != "application/json" || answer.Json is not { } json ? "The answer is no JSON."
        : json.ValueKind != JsonValueKind.Array ? (shapes.Any(shape => IsOf(json, shape)) ? null : "The answer is no token.")
        : json.EnumerateArray().All(token => IsOf(token, shapes[0])) ? null : "The list holds something else than tokens.";

    // After HEAD there is no body.
    private static string? FaultOfError(RawResponse answer, params string[] members) =>
        answer.Header("Content-Type") == "application/json" && (answer.Body.Length == 0 || (answer.Json is { } json && IsOf(json, members)))
            ? null
            : "The error is no message.";

    private static bool IsOf(JsonElement json, string[] members) =>
        json.ValueKind == JsonValueKind.Object
        && json.EnumerateObject().Select(static member => member.Name).SequenceEqual(members)
        && json.EnumerateObject().All(static member => member.Value.ValueKind == JsonValueKind.String);
}
