using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.AspNetCore.TokenApis;

namespace TokenKit.AspNetCore.Tests.Authorization;

/// <summary>The policy on the endpoints of sets, against what a host demands.</summary>
[TestClass]
public sealed class SetPolicyTests
{
    private static Task<TestHost> StartAsync() => TestHost.StartAsync(
        services =>
        {
            services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
            services.AddTokenKit().AddVirtuousAITokens("vai");
            services.AddAuthorizationBuilder()
                .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
                .AddPolicy("host", policy => policy.RequireAuthenticatedUser());
        },
        app =>
        {
            app.MapGet("/set", () => "").RequireAuthorization(TokenApiDefaults.PolicyName);
            app.MapGet("/plain", () => "");
            app.MapGroup("/group").RequireAuthorization("host").MapGet("/set", () => "").RequireAuthorization(TokenApiDefaults.PolicyName);
        });

    [TestMethod]
    public async Task FallbackPolicy_OfTheHost_DoesNotShutASet()
    {
        await using TestHost host = await StartAsync();
        using HttpResponseMessage set = await host.SendAsync(HttpMethod.Get, "/set");
        using HttpResponseMessage plain = await host.SendAsync(HttpMethod.Get, "/plain");
        Assert.AreEqual(200, set.Status());
        Assert.AreNotEqual(200, plain.Status());
    }

    [TestMethod]
    public async Task Policy_ThatTheHostAddsToASet_IsEnforced()
    {
        await using TestHost host = await StartAsync();
        using HttpResponseMessage response = await host.SendAsync(HttpMethod.Get, "/group/set");
        Assert.AreNotEqual(200, response.Status());
    }

    [TestMethod]
    public async Task Set_WhoseSchemeIsTheDefault_SaysInItsOwnWordsThatACredentialCannotBeVerified()
    {
        await using TestHost host = await TestHost.StartAsync(
            services =>
            {
                services.AddAuthentication("vai");
                services.AddTokenKit().AddVirtuousAITokens("vai");
            },
            app => app.MapVirtuousAITokens("vai"));
        IssuedToken token = await host.IssueAsync(realm: "vai");
        host.Store.IsDown = true;

        using HttpResponseMessage response = await host.GetAsync(VirtuousAITokensDefaults.Pattern, token.Plaintext);

        Assert.AreEqual((503, "application/problem+json"), (response.Status(), response.Content.Headers.ContentType?.MediaType));
    }

    [TestMethod]
    public async Task FallbackPolicy_WithATokenScheme_AuthenticatesByToken()
    {
        await using TestHost host = await TestHost.StartAsync(
            services =>
            {
                services.AddAuthentication().AddApiToken("api");
                services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAllScopes("read").Build());
            },
            app => app.MapGet("/plain", () => ""));
        IssuedToken reader = await host.IssueAsync("read");
        IssuedToken other = await host.IssueAsync("write");
        using HttpResponseMessage allowed = await host.GetAsync("/plain", reader.Plaintext);
        using HttpResponseMessage forbidden = await host.GetAsync("/plain", other.Plaintext);
        using HttpResponseMessage nobody = await host.SendAsync(HttpMethod.Get, "/plain");
        Assert.AreEqual(200, allowed.Status());
        Assert.AreEqual(403, forbidden.Status());
        Assert.AreEqual(401, nobody.Status());
    }
}
