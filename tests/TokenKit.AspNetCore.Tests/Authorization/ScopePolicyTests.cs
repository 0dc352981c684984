using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;

namespace TokenKit.AspNetCore.Tests.Authorization;

/// <summary>Policies about scopes, and the answer 403 of RFC 6750 §3.1.</summary>
[TestClass]
public sealed class ScopePolicyTests
{
    private const string Forbidden = "Bearer realm=\"api\", error=\"insufficient_scope\", error_description=\"The token does not allow this request.\"";

    private static Task<TestHost> StartAsync(Action<IServiceCollection>? configure = null) => TestHost.StartAsync(
        services =>
        {
            services.AddAuthentication().AddApiToken("api");
            services.AddAuthorizationBuilder()
                .AddPolicy("editor", policy => policy.RequireAllScopes("read", "write"))
                .AddPolicy("boss", policy => policy.RequireRole("boss"));
            configure?.Invoke(services);
        },
        app =>
        {
            app.MapGet("/all", () => "").RequireAllScopes("read", "write");
            app.MapGet("/any", () => "").RequireAnyScope("write", "admin");
            app.MapGet("/editor", () => "").RequireAuthorization("editor");
            app.MapGet("/boss", () => "").RequireAuthorization("boss");
            app.MapGroup("/group").RequireAllScopes("read").MapGet("/both", () => "").RequireAllScopes("admin");
            app.MapGet("/imperative", async (HttpContext context, IAuthorizationService authorization) =>
                (await authorization.AuthorizeAsync(context.User, context, "editor")).Succeeded ? Results.Ok() : Results.Forbid());
        });

    [TestMethod]
    [DataRow("/all", "read write", 200)]
    [DataRow("/all", "read write admin", 200)]
    [DataRow("/all", "read", 403)]
    [DataRow("/all", "", 403)]
    [DataRow("/all", "READ WRITE", 403)]
    [DataRow("/any", "admin", 200)]
    [DataRow("/any", "read", 403)]
    [DataRow("/editor", "read write", 200)]
    [DataRow("/editor", "write", 403)]
    [DataRow("/group/both", "read admin", 200)]
    [DataRow("/group/both", "admin", 403)]
    [DataRow("/imperative", "read write", 200)]
    public async Task Endpoint_ForATokenWithScopes_AnswersAsItsPolicySays(string path, string scopes, int expected)
    {
        await using TestHost host = await StartAsync();
        IssuedToken token = await host.IssueAsync(scopes);
        using HttpResponseMessage response = await host.GetAsync(path, token.Plaintext);
        Assert.AreEqual(expected, response.Status());
    }

    [TestMethod]
    [DataRow("/all", ", scope=\"read write\"")]
    [DataRow("/any", ", scope=\"admin write\"")]
    [DataRow("/group/both", ", scope=\"admin read\"")]
    [DataRow("/imperative", ", scope=\"read write\"")]
    [DataRow("/boss", "")]
    public async Task Forbidden_ForLackOfScopes_NamesThem(string path, string scopes)
    {
        await using TestHost host = await StartAsync();
        IssuedToken token = await host.IssueAsync("other");
        using HttpResponseMessage response = await host.GetAsync(path, token.Plaintext);
        Assert.AreEqual(403, response.Status());
        Assert.AreEqual(Forbidden + scopes, response.Challenge());
        Assert.AreEqual("no-store", response.CacheControl());
    }

    [TestMethod]
    public async Task ScopeEndpoint_WithoutACredential_IsChallenged()
    {
        await using TestHost host = await StartAsync();
        using HttpResponseMessage response = await host.SendAsync(HttpMethod.Get, "/all");
        Assert.AreEqual(401, response.Status());
        Assert.AreEqual("Bearer realm=\"api\"", response.Challenge());
    }

    [TestMethod]
    public async Task CookieUser_WithAClaimCalledScope_HasNoScopes()
    {
        await using TestHost host = await TestHost.StartAsync(
            services => services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
                .AddCookie(options => options.Events.OnRedirectToAccessDenied = context =>
                {
                    context.Response.StatusCode = 403;
                    return Task.CompletedTask;
                })
                .AddApiToken("api"),
            app =>
            {
                app.MapGet("/in", (HttpContext context) => context.SignInAsync(new ClaimsPrincipal(
                    new ClaimsIdentity([new Claim("scope", "read")], CookieAuthenticationDefaults.AuthenticationScheme))));
                app.MapGet("/user", () => "").RequireAuthorization();
                app.MapGet("/read", () => "").RequireAllScopes("read");
            });
        using HttpResponseMessage signIn = await host.SendAsync(HttpMethod.Get, "/in");
        string cookie = signIn.Header("Set-Cookie")!.Split(';')[0];
        using HttpResponseMessage user = await host.SendAsync(HttpMethod.Get, "/user", ("Cookie", cookie));
        using HttpResponseMessage read = await host.SendAsync(HttpMethod.Get, "/read", ("Cookie", cookie));
        Assert.AreEqual(200, user.Status());
        Assert.AreEqual(403, read.Status());
    }

    [TestMethod]
    public async Task Scopes_OfTwoTokensTogether_AreNotThoseOfOne()
    {
        await using TestHost host = await TestHost.StartAsync(
            services => services.AddAuthentication("none")
                .AddApiToken("one", "api")
                .AddApiToken("two", "other", options =>
                {
                    options.Sources.Clear();
                    options.Sources.Add(new ApiTokenSource.Header("X-API-Key"));
                }),
            app => app.MapGet("/both", () => "").RequireAuthorization(policy => policy
                .AddAuthenticationSchemes("one", "two")
                .RequireAllScopes("read", "write")));
        IssuedToken read = await host.IssueAsync("read");
        IssuedToken write = await host.IssueAsync("write", realm: "other");
        IssuedToken both = await host.IssueAsync("read write", realm: "other");
        using HttpResponseMessage split = await host.SendAsync(
            HttpMethod.Get, "/both", ("Authorization", $"Bearer {read.Plaintext}"), ("X-API-Key", write.Plaintext));
        using HttpResponseMessage one = await host.SendAsync(
            HttpMethod.Get, "/both", ("Authorization", $"Bearer {read.Plaintext}"), ("X-API-Key", both.Plaintext));
        Assert.AreEqual(403, split.Status());
        Assert.AreEqual(200, one.Status());
    }

    [TestMethod]
    public async Task ClaimsTransformation_ThatTakesAScopeAway_IsObeyed()
    {
        await using TestHost host = await StartAsync(services => services.AddTransient<IClaimsTransformation, WithoutWrite>());
        IssuedToken token = await host.IssueAsync("read write");
        using HttpResponseMessage response = await host.GetAsync("/all", token.Plaintext);
        Assert.AreEqual(403, response.Status());
    }

    [TestMethod]
    public void Policy_WithoutOrWithMalformedScopes_IsAnArgumentError()
    {
        Assert.ThrowsExactly<ArgumentException>(() => new AuthorizationPolicyBuilder().RequireAllScopes());
        Assert.ThrowsExactly<ArgumentException>(() => new AuthorizationPolicyBuilder().RequireAnyScope("two words"));
        Assert.ThrowsExactly<ArgumentException>(() => new AuthorizationPolicyBuilder().RequireAnyScope("quo\"te"));
    }

    private sealed class WithoutWrite : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            if (principal.FindFirst(claim => claim is { Type: "scope", Value: "write" }) is { } write)
            {
                write.Subject!.RemoveClaim(write);
            }

            return Task.FromResult(principal);
        }
    }
}
