using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.AspNetCore.Tests.TokenApis.Amove;

namespace TokenKit.AspNetCore.Tests.Traces;

/// <summary>
/// The traces of Amove, in a host whose JWTs may call. User 1001 calls; 1002 is another, and "banned" one whom the host allows nothing.
/// </summary>
internal static class AmoveTraces
{
    private const string Twin = "twin";

    public static TraceSet Set { get; } = new(
        "Amove",
        static (services, clock) =>
        {
            AmoveHost.AddServices(services, clock);
            services.AddTokenKit().AddAmoveTokens(Twin);
        },
        static app => HostPart.Map(app, static host => host.MapAmoveTokens(AmoveHost.Realm)),
        new Dictionary<string, Given>(HostPart.Vocabulary, StringComparer.Ordinal)
        {
            ["jwt"] = Jwt(AmoveHost.Subject),
            ["anothers-jwt"] = Jwt("1002"),
            ["banned-jwt"] = Jwt("banned"),
            ["nobodys-jwt"] = Jwt(""),
            ["long-names-jwt"] = Jwt(new string('x', 257)),
            ["expired-jwt"] = Given.Text(static host => AmoveHost.Jwt(lifetime: TimeSpan.FromSeconds(-1), from: host.Clock.GetUtcNow())),
            ["forged-jwt"] = Given.Text(static host => AmoveHost.Jwt(key: "another key that signs other JWTs", from: host.Clock.GetUtcNow())),
            ["token"] = Token(static request => request),
            ["anothers-token"] = Token(static request => request with { Subject = "1002" }),
            ["banned-token"] = Token(static request => request with { Subject = "banned" }),
            ["nobodys-token"] = Token(static request => request with { Subject = "" }),
            ["twins-token"] = Token(static request => request with { Realm = Twin }),
            ["powerless-token"] = Token(static request => request with { Scopes = ScopeSet.Create("files:read") }),
            ["expired-token"] = Token(static request => request with { Expiry = TokenExpiry.AtEvenIfPassed(new(2026, 5, 31, 0, 0, 0, TimeSpan.Zero)) }),
            ["expiring-token"] = Token(static request => request with { Expiry = TokenExpiry.At(new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero)) }),
            ["suspended-token"] = Token(static request => request with { Suspended = true }),
            ["revoked-token"] = Token(static request => request, static (host, token) => host.Set.Host.RevokeAsync(token)),
            ["forged-token"] = Given.Text(static host => ForgedToken.Mix(host.Values["token"], host.Values["anothers-token"])),
            ["show-values"] = Given.Option(static services =>
                services.AddTokenKit().AddAmoveTokens(AmoveHost.Realm, static options => options.ShowValuesToTokens = true)),
            // The credential is in the query, by which a cache would otherwise tell callers apart.
            ["output-cache"] = HostPart.Of(
                static services => services.AddOutputCache(static cache => cache.AddBasePolicy(new CacheEverything())),
                static app => app.UseOutputCache(),
                static set => set.CacheOutput(static policy => policy.AddPolicy<CacheEverything>().SetVaryByQuery("none"))),
            ["second-set"] = HostPart.Of(static _ => { }, static app => app.MapGroup("/tenants/{id}").MapAmoveTokens(Twin, "/tokens")),
            ["limits"] = Given.Option(static services => services.AddTokenKit().AddRealm(AmoveHost.Realm, static realm =>
            {
                realm.MaximumLifetime = TimeSpan.FromDays(1);
                realm.MaximumLivingTokens = 1;
                realm.UniqueNames = true;
            })),
            ["accept-all"] = Given.Option(static services =>
            {
                services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, AcceptAll>(nameof(AcceptAll), null);
                services.AddTokenKit().AddAmoveTokens(AmoveHost.Realm, static options => options.AdditionalSchemes.Add(nameof(AcceptAll)));
            }),
            ["cookie"] = Given.Cookie(AmoveHost.Subject, Admit),
            ["foreign-token"] = Given.ForeignToken(Admit),
            ["revoke-token"] = Given.Revoke("token"),
            ["unscope-token"] = Given.Unscope("token"),
        },
        AmoveTraceDialect.Fault);

    private static void Admit(IServiceCollection services, string scheme) =>
        services.AddTokenKit().AddAmoveTokens(AmoveHost.Realm, options => options.AdditionalSchemes.Add(scheme));

    private static Given Jwt(string subject) => Given.Text(host => AmoveHost.Jwt(subject, from: host.Clock.GetUtcNow()));

    private static Given Token(Func<IssueRequest, IssueRequest> change, Func<TraceHost, IssuedToken, Task>? then = null) => new(Make: async (host, name) =>
    {
        IssuedToken token = await host.Set.Host.IssueAsync(change(new IssueRequest(AmoveHost.Realm) { Subject = AmoveHost.Subject, Name = name }));
        host.Keep(name, token, token.Record.Id.ToString());
        await (then?.Invoke(host, token) ?? Task.CompletedTask);
    });

    /// <summary>A scheme that takes every credential for user 1001's, if it is the only header.</summary>
    private sealed class AcceptAll(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            bool isAlone = Request.Headers.Authorization.Count == 1 && Request.Headers.Keys.All(static name => name is "Authorization" or "Host");
            var caller = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", AmoveHost.Subject)], Scheme.Name));
            return Task.FromResult(isAlone ? AuthenticateResult.Success(new AuthenticationTicket(caller, Scheme.Name)) : AuthenticateResult.NoResult());
        }
    }
}

/// <summary>What Amove's answers look like, whatever was asked.</summary>
internal static class AmoveTraceDialect
{
    private static readonly string[] Codes = ["DEFAULT", "NOT_FOUND", "ACCESS"];

    /// <summary>What is wrong with an answer of the set.</summary>
    public static string? Fault(RawResponse answer) =>
        answer.Header("Cache-Control") != "private, no-store" ? "It is not private, no-store."
        : answer.Status is 503 ? (answer.IsEmpty && answer.Header("Retry-After") is not null ? null : "503 is not empty, or without Retry-After.")
        : answer.Status is 500 ? (answer.IsEmpty ? null : "500 is not empty.")
        : answer.Status is 401 ? (answer.Header("WWW-Authenticate") is null ? "401 is without WWW-Authenticate." : FaultOfError(answer, ["AUTH", "TOKEN"]))
        : answer.Status is 499 ? FaultOfError(answer, Codes)
        : answer.Status is not 200 ? "There is no such status."
        : answer.IsEmpty ? null
        : answer.Header("Content-Type") == "application/json" && answer.Json is { ValueKind: JsonValueKind.Array or JsonValueKind.Object } ? null
        : "200 is neither empty nor JSON.";

    private static string? FaultOfError(RawResponse answer, string[] codes)
    {
        if (answer.Header("Content-Type") != "application/problem+json")
        {
            return "The error is no problem document.";
        }

        // After HEAD there is no body.
        string? code = answer.Header("error-code");
        if (!codes.Contains(code))
        {
            return "The code is not one of the status.";
        }

        string model = $$"""{"type":"{{code}}","status":{{answer.Status}},"errors":{"{{code}}":[""";
        return answer.Body.Length == 0 || (answer.Json is not null && answer.Body.StartsWith(model, StringComparison.Ordinal))
            ? null
            : "The error is not the error model.";
    }
}
