using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.AspNetCore.Tests.TokenApis.Canvus.Streams;

namespace TokenKit.AspNetCore.Tests.TokenApis.Canvus;

/// <summary>The set among what hosts have besides; the traces have more of it.</summary>
[TestClass]
public sealed class HostCollisionTests
{
    [TestMethod]
    public async Task Policy_ThatTheHostAddsToTheSet_IsEnforcedBefore()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(
            services => services.AddAuthorizationBuilder().AddPolicy("host", policy => policy
                .AddAuthenticationSchemes(CanvusHost.Realm).RequireAssertion(context => context.User.Identity?.Name == "1000")),
            app => app.MapCanvusTokens(CanvusHost.Realm).RequireAuthorization("host"));

        Assert.AreEqual(200, (await canvus.SendAsync(canvus.Administrator, "GET", CanvusHost.PathOf("1001"))).Status);
        Assert.AreEqual(403, (await canvus.SendAsync(canvus.User, "GET", CanvusHost.PathOf("1001"))).Status);
    }

    [TestMethod]
    public async Task OutputCache_OfTheHost_ServesNobodyElse()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(
            services => services.AddOutputCache(cache => cache.AddBasePolicy(new CacheEverything())),
            app =>
            {
                app.UseOutputCache();
                app.MapCanvusTokens(CanvusHost.Realm).CacheOutput(policy => policy.AddPolicy<CacheEverything>());
            });

        Assert.AreEqual(200, (await canvus.SendAsync("GET", CanvusHost.PathOf("1001"))).Status);
        Assert.AreEqual(401, (await canvus.SendAsync("GET", CanvusHost.PathOf("1001"), null, [])).Status);
        using OpenStream stream = await canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1001"));
        Assert.AreEqual("user's:normal", await stream.ReadStatesAsync());
        Assert.AreEqual(401, (await canvus.SendAsync("GET", CanvusHost.PathOf("1001") + "?subscribe", null, [])).Status);
    }

    [TestMethod]
    public async Task CookieSchemeAsDefault_WithoutCredential_DoesNotRedirect()
    {
        await using CanvusHost canvus = await StartWithCookiesAsync();
        Assert.AreEqual(401, (await canvus.SendAsync("GET", CanvusHost.PathOf("1001"), null, [])).Status);
    }

    [TestMethod]
    public async Task SameSetTwice_InOneHost_KeepsItsTokensApart()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(
            services => services.AddTokenKit().AddCanvusTokens("second"),
            app =>
            {
                app.MapCanvusTokens(CanvusHost.Realm);
                app.MapGroup("/tenants/{id}").MapCanvusTokens("second", "/users/");
                app.MapGet("/api/v1/users/{id}", (string id) => $"user {id}");
                app.MapGet("/api/v1/users/{id}/{part}", (string id, string part) => part);
            });
        IssuedToken second = await canvus.IssueAsync("t", "1001", realm: "second");

        Assert.AreEqual(200, (await canvus.SendAsync(second, "GET", "/tenants/7/users/1001/access-tokens")).Status);
        Assert.AreEqual(401, (await canvus.SendAsync(canvus.User, "GET", "/tenants/7/users/1001/access-tokens")).Status);
        Assert.AreEqual(401, (await canvus.SendAsync(second, "GET", CanvusHost.PathOf("1001"))).Status);
        Assert.AreEqual(200, (await canvus.SendAsync("GET", CanvusHost.PathOf("1001"))).Status);

        // What else is below a user stays the host's.
        Assert.AreEqual("200 user 5", (await canvus.SendAsync("GET", "/api/v1/users/5")).ToString());
        Assert.AreEqual("200 groups", (await canvus.SendAsync("GET", "/api/v1/users/5/groups")).ToString());
        Assert.AreEqual(404, (await canvus.SendAsync("GET", "/api/v1/users/5/groups/1")).Status);
    }

    [TestMethod]
    public async Task Map_OfANameThatWasNotAdded_NamesTheMissingCall()
    {
        InvalidOperationException exception = await Assert.ThrowsExactlyAsync<InvalidOperationException>(() =>
            CanvusHost.StartAsync(map: app => app.MapCanvusTokens("other")));
        Assert.Contains("AddCanvusTokens(\"other\")", exception.Message);
    }

    private static Task<CanvusHost> StartWithCookiesAsync() => CanvusHost.StartAsync(
        services =>
        {
            services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
            services.AddTokenKit().AddCanvusTokens(CanvusHost.Realm, canvus => canvus.AdditionalSchemes.Add(CookieAuthenticationDefaults.AuthenticationScheme));
        },
        app =>
        {
            app.MapGet("/login", (HttpContext context) => context.SignInAsync(
                new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "1001")], "login"))));
            app.MapCanvusTokens(CanvusHost.Realm);
        });
}
