using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.AspNetCore.Tests.TokenApis.Query;

namespace TokenKit.AspNetCore.Tests.Traces;

/// <summary>
/// The traces of Query. Its tokens are used at <c>/use</c>: by GET with the scope "read", by POST with the scope "write". User 1000 is an
/// administrator by the host's word, 1001 is not.
/// </summary>
internal static class QueryTraces
{
    private const string Twin = "twin";

    public static TraceSet Set { get; } = new(
        "Query",
        static (services, _) =>
        {
            services.AddTokenKit().AddQueryTokens(QueryHost.Realm).AddQueryTokens(Twin);
            services.AddAuthorization();
        },
        static app =>
        {
            HostPart.Map(app, static host => host.MapQueryTokens(QueryHost.Realm));
            app.MapGet("/use", static () => Results.Ok()).RequireAuthorization(With(QueryTokensDefaults.ReadScope));
            app.MapPost("/use", static () => Results.Ok()).RequireAuthorization(With(QueryTokensDefaults.WriteScope));
        },
        new Dictionary<string, Given>(HostPart.Vocabulary, StringComparer.Ordinal)
        {
            ["admin"] = Token(static request => request),
            ["users-admin"] = Token(static request => request with { Subject = "1001" }),
            ["twins-admin"] = Token(static request => request with { Realm = Twin }),
            ["powerless-admin"] = Token(static request => request with { Scopes = ScopeSet.Create(QueryTokensDefaults.ReadScope, QueryTokensDefaults.WriteScope) }),
            ["expired-admin"] = Token(static request => request with { Expiry = TokenExpiry.AtEvenIfPassed(new(2026, 5, 31, 0, 0, 0, TimeSpan.Zero)) }),
            ["expiring-admin"] = Token(static request => request with { Expiry = TokenExpiry.At(new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero)) }),
            ["suspended-admin"] = Token(static request => request with { Suspended = true }),
            ["revoked-admin"] = Token(static request => request, static (host, token) => host.Set.Host.RevokeAsync(token)),
            ["forged-admin"] = Given.Text(static host => ForgedToken.Mix(host.Values["admin"], host.Values["users-admin"])),
            ["server"] = Token(static request => request with { Kind = QueryTokensDefaults.ServerKind }),
            ["mighty-server"] = Token(static request => request with { Kind = QueryTokensDefaults.ServerKind, Scopes = ScopeSet.Create(ApiTokens.ManageScope) }),
            ["disabled"] = Given.Option(static services => services.AddTokenKit().AddQueryTokens(QueryHost.Realm, static options => options.Enabled = false)),
            ["rotating"] = Given.Option(static services => services.AddTokenKit().AddQueryTokens(QueryHost.Realm, static options => options.RotateValueOnUpdate = true)),
            ["default-scheme"] = Given.Option(static services => services.AddAuthentication(QueryHost.Realm)),
            ["second-set"] = HostPart.Of(static _ => { }, static app => app.MapGroup("/tenants/{id}").MapQueryTokens(Twin, "/tokens")),
            ["limits"] = Given.Option(static services => services.AddTokenKit().AddRealm(QueryHost.Realm, static realm =>
            {
                realm.MaximumLifetime = TimeSpan.FromDays(1);
                realm.DefaultLifetime = TimeSpan.FromDays(1);
                realm.MaximumLivingTokens = 1;
            })),
            ["administrators-cookie"] = Cookie("1000"),
            ["users-cookie"] = Cookie("1001"),
            ["nameless-cookie"] = Cookie(""),
            ["foreign-token"] = Given.ForeignToken(Admit),
            ["command-line"] = Given.CommandLine(QueryHost.Realm, Admit),
            ["revoke-admin"] = Given.Revoke("admin"),
            ["unscope-admin"] = Given.Unscope("admin"),
        },
        QueryTraceDialect.Fault);

    private static AuthorizationPolicy With(string scope) => new AuthorizationPolicyBuilder(QueryHost.Realm).RequireAllScopes(scope).Build();

    private static Given Cookie(string subject) => Given.Cookie(subject, Admit);

    private static void Admit(IServiceCollection services, string scheme) =>
        services.AddTokenKit().AddQueryTokens(QueryHost.Realm, options => options.AdditionalSchemes.Add(scheme));

    private static Given Token(Func<IssueRequest, IssueRequest> change, Func<TraceHost, IssuedToken, Task>? then = null) => new(Make: async (host, name) =>
    {
        IssuedToken token = await host.Set.Host.IssueAsync(change(new IssueRequest(QueryHost.Realm) { Kind = QueryTokensDefaults.AdminKind, Name = name }));
        host.Keep(name, token, token.Record.Sequence.ToString(CultureInfo.InvariantCulture));
        await (then?.Invoke(host, token) ?? Task.CompletedTask);
    });
}

/// <summary>What Query's answers look like, whatever was asked.</summary>
internal static class QueryTraceDialect
{
    /// <summary>What is wrong with an answer of the set.</summary>
    public static string? Fault(RawResponse answer) =>
        answer.Header("Cache-Control") != "no-store" ? "It is not no-store."
        : answer.Header("Content-Type") is not null ? "It has a Content-Type."
        : answer.Status switch
        {
            200 => answer.IsEmpty || answer.Body.StartsWith("""{"data":[""", StringComparison.Ordinal) ? null : "200 is neither empty nor rows.",
            201 => answer.IsEmpty ? null : "201 is not empty.",
            401 => answer.IsEmpty && answer.Header("WWW-Authenticate") is not null ? null : "401 is not empty, or without WWW-Authenticate.",
            503 when answer.Header("Retry-After") is null => "503 is without Retry-After.",
            400 or 404 or 413 or 500 or 503 => answer.IsEmpty ? "The error has no text." : null,
            _ => "There is no such status.",
        };
}
