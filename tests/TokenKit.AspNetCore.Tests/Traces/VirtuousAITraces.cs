using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.AspNetCore.Tests.TokenApis.VirtuousAI;
using TokenKit.Stores;

namespace TokenKit.AspNetCore.Tests.Traces;

/// <summary>The traces of VirtuousAI. There are the users 1001, who calls, and 1002.</summary>
internal static class VirtuousAITraces
{
    private const string Second = "second";

    private static readonly Dictionary<string, Given> Callers = new(StringComparer.Ordinal)
    {
        ["session"] = Token(static request => request),
        ["pat"] = Token(static request => request with { Kind = VirtuousAITokensDefaults.PatKind }),
        ["device"] = Token(static request => request with { Kind = VirtuousAITokensDefaults.DeviceKind }),
        ["daily"] = Token(static request => request with { Expiry = TokenExpiry.After(TimeSpan.FromDays(1)) }),
        ["other-user"] = Token(static request => request with { Subject = "1002" }),
        ["nobody"] = Token(static request => request with { Subject = "" }),
        ["reader"] = Token(static request => request with { Scopes = ScopeSet.Create("models:read") }),
        ["second"] = Token(static request => request with { Realm = Second }) with
        {
            Services = static services => services.AddTokenKit().AddVirtuousAITokens(Second),
        },
        ["revoked"] = Token(static request => request, static (host, token) => host.Set.Host.RevokeAsync(token)),
        ["suspended"] = Token(static request => request with { Suspended = true }),
        ["forged"] = Given.Text(static host => ForgedToken.Mix(host.Values["session"], host.Values["revoked"])),
        ["login"] = Given.Cookie(VaiHost.Subject, Admit),
        ["nameless-login"] = Given.Cookie("", Admit),
        ["foreign-token"] = Given.ForeignToken(Admit),
        ["command-line"] = Given.CommandLine(VaiHost.Realm, Admit),
        ["revoke-session"] = Given.Revoke("session"),
        ["unscope-session"] = Given.Unscope("session"),
        ["long-login"] = Given.Cookie(new string('x', ApiToken.MaximumSubjectLength + 1), Admit),
    };

    private static readonly Dictionary<string, Given> Hosts = new(StringComparer.Ordinal)
    {
        ["second-set"] = HostPart.Of(
            static services => services.AddTokenKit().AddVirtuousAITokens(Second),
            static app => app.MapGroup("/tenants/{id}").MapVirtuousAITokens(Second, "/tokens/")),
        ["unique-names"] = Realm(static realm => realm.UniqueNames = true),
        ["two-tokens-at-most"] = Realm(static realm => realm.MaximumLivingTokens = 2),
        ["short-pats"] = Realm(static realm => realm.AddKind(
            VirtuousAITokensDefaults.PatKind,
            static pat => (pat.DefaultLifetime, pat.MaximumLifetime) = (TimeSpan.FromDays(1), TimeSpan.FromDays(2)))),
        ["ten-days-at-most"] = Realm(static realm => (realm.DefaultLifetime, realm.MaximumLifetime) = (TimeSpan.FromDays(10), TimeSpan.FromDays(10))),
        ["never-by-default"] = Realm(static realm => (realm.DefaultLifetime, realm.MayNeverExpire) = (null, true)),

        // Times between tokens make their order known.
        ["later"] = Given.State(static host => host.Clock.Advance(TimeSpan.FromSeconds(1))),
        ["51-tokens"] = Many(51),
        ["tokens-without-limit"] = Realm(static realm => realm.MaximumLivingTokens = null),
        ["1001-tokens"] = Many(TokenBatch.MaximumSize + 1),
    };

    public static TraceSet Set { get; } = new(
        "VirtuousAI",
        static (services, _) =>
        {
            services.AddTokenKit().AddVirtuousAITokens(VaiHost.Realm);
        },
        static app => HostPart.Map(app, static host => host.MapVirtuousAITokens(VaiHost.Realm)),
        new[] { Callers, Hosts, HostPart.Vocabulary }.SelectMany(static words => words).ToDictionary(StringComparer.Ordinal),
        VirtuousAITraceDialect.Fault);

    private static Given Token(Func<IssueRequest, IssueRequest> change, Func<TraceHost, IssuedToken, Task>? then = null) => new(Make: async (host, name) =>
    {
        var request = new IssueRequest(VaiHost.Realm) { Subject = VaiHost.Subject, Kind = VirtuousAITokensDefaults.SessionKind, Name = name };
        IssuedToken token = await host.Set.Host.IssueAsync(change(request));
        host.Keep(name, token, token.Record.Id.ToString());
        host.Values[name + "-digits"] = token.Record.Id.ToString("N").ToUpperInvariant();
        await (then?.Invoke(host, token) ?? Task.CompletedTask);
    });

    // A second apart from each other, so that their order is known.
    private static Given Many(int count) => new(Make: async (host, _) =>
    {
        for (int i = 1; i <= count; i++)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            await host.Set.Host.IssueAsync(new IssueRequest(VaiHost.Realm) { Subject = VaiHost.Subject, Name = i.ToString(CultureInfo.InvariantCulture) });
        }
    });

    private static void Admit(IServiceCollection services, string scheme) =>
        services.AddTokenKit().AddVirtuousAITokens(VaiHost.Realm, vai => vai.AdditionalSchemes.Add(scheme));

    private static Given Realm(Action<RealmOptions> change) => Given.Option(services => services.AddTokenKit().AddRealm(VaiHost.Realm, change));
}

/// <summary>What VirtuousAI's answers look like, whatever was asked.</summary>
internal static class VirtuousAITraceDialect
{
    private static readonly string[] Problem = ["type", "title", "status", "detail"];

    // The members that an answer may have, in their order.
    private static readonly string[] Successes =
    [
        "items,nextCursor",
        "plaintext,token",
        "revokedCount",
        "createdAt,expiresAt,id,lastUsedAt,name,revokedAt,tokenPrefix,tokenType",
    ];

    /// <summary>What is wrong with an answer of the set.</summary>
    public static string? Fault(RawResponse answer) =>
        answer.Header("Cache-Control") != "no-store" ? "It is not no-store."
        : answer.Status switch
        {
            204 => answer.Body.Length == 0 && answer.Header("Content-Type") is null ? null : "204 is not empty.",
            200 or 201 => answer.Header("Content-Type") == "application/json" && Successes.Contains(Members(answer)) ? null : "The answer is none of the set's.",
            401 when answer.Header("WWW-Authenticate") is null => "401 is without WWW-Authenticate.",
            405 when answer.Header("Allow") is null => "405 is without Allow.",
            503 when answer.Header("Retry-After") is null => "503 is without Retry-After.",
            401 or 403 or 500 or 503 => FaultOfProblem(answer),
            404 => FaultOfDetail(answer, JsonValueKind.String) is null ? null : FaultOfProblem(answer),
            405 or 413 => FaultOfDetail(answer, JsonValueKind.String),
            422 => FaultOfDetail(answer, JsonValueKind.Array),
            _ => "There is no such status.",
        };

    private static string? FaultOfProblem(RawResponse answer) =>
        answer.Header("Content-Type") == "application/problem+json"
        && Members(answer) == string.Join(',', Problem)
        && answer.Json!.Value.GetProperty("status").GetInt32() == answer.Status
        && answer.Json.Value.GetProperty("detail").ValueKind == JsonValueKind.String ? null : "The error is no problem object.";

    // After HEAD there is no body.
    private static string? FaultOfDetail(RawResponse answer, JsonValueKind kind) =>
        answer.Header("Content-Type") == "application/json"
        && (answer.Body.Length == 0 || (Members(answer) == "detail" && IsSaid(answer.Json!.Value.GetProperty("detail"), kind)))
            ? null
            : "The error has no detail.";

    private static bool IsSaid(JsonElement detail, JsonValueKind kind) =>
        detail.ValueKind == kind
        && (kind == JsonValueKind.String || (detail.GetArrayLength() > 0 && detail.EnumerateArray().All(static item => Members(item) == "loc,msg,type")));

    private static string Members(RawResponse answer) => answer.Json is { } json ? Members(json) : "";

    private static string Members(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object ? string.Join(',', json.EnumerateObject().Select(static member => member.Name)) : "";
}
