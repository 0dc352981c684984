using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Authentication;
using TokenKit.AspNetCore.Tests.Hosting;

namespace TokenKit.AspNetCore.Tests.Authentication;

/// <summary>Where credentials may be, and what becomes of several.</summary>
[TestClass]
public sealed class SourceTests
{
    private static Task<TestHost> StartAsync(WhenSeveral whenSeveral) => TestHost.StartAsync(
        services => services.AddAuthentication().AddApiToken("api", options =>
        {
            options.WhenSeveral = whenSeveral;
            options.Sources.Add(new ApiTokenSource.Header("X-API-Key"));
            options.Sources.Add(new ApiTokenSource.Cookie("acme_token"));
            options.Sources.Add(new ApiTokenSource.Query("token"));
        }),
        app =>
        {
            app.MapGet("/me", (HttpContext context) => context.User.Identity!.Name).RequireAuthorization();
            app.MapGet("/source", async (HttpContext context) =>
                (await ApiTokenAuthentication.ForAsync(context, ApiTokenDefaults.AuthenticationScheme)).Credential switch
                {
                    PresentedCredential.Verified { Source: var source } => $"{source.GetType().Name} {source.IsAttachedByBrowser}",
                    var other => other.GetType().Name,
                });
            app.MapGet("/cacheable", (HttpContext context) =>
            {
                context.Response.Headers.CacheControl = "public, max-age=60";
                return "";
            });
        });

    [TestMethod]
    public async Task Credential_InEachSource_IsAccepted()
    {
        await using TestHost host = await StartAsync(WhenSeveral.Refuse);
        IssuedToken token = await host.IssueAsync();
        using HttpResponseMessage header = await host.SendAsync(HttpMethod.Get, "/me", ("x-api-key", token.Plaintext));
        using HttpResponseMessage cookie = await host.SendAsync(HttpMethod.Get, "/me", ("Cookie", $"a=b; acme_token={token.Plaintext}"));
        using HttpResponseMessage query = await host.SendAsync(HttpMethod.Get, $"/me?token={token.Plaintext}");
        Assert.AreEqual(200, header.Status());
        Assert.AreEqual(200, cookie.Status());
        Assert.AreEqual(200, query.Status());
    }

    [TestMethod]
    public async Task Credential_InASourceThatIsNotConfigured_IsNoCredential()
    {
        await using TestHost host = await TestHost.StartAsync(
            services => services.AddAuthentication().AddApiToken("api"),
            app => app.MapGet("/me", () => "").RequireAuthorization());
        IssuedToken token = await host.IssueAsync();
        using HttpResponseMessage response = await host.SendAsync(
            HttpMethod.Get, $"/me?access_token={token.Plaintext}", ("X-API-Key", token.Plaintext), ("Cookie", $"token={token.Plaintext}"));
        Assert.AreEqual(401, response.Status());
        Assert.AreEqual("Bearer realm=\"api\"", response.Challenge());
    }

    [TestMethod]
    public async Task Source_OfTheCredential_IsKnownToEndpointSets()
    {
        await using TestHost host = await StartAsync(WhenSeveral.Refuse);
        IssuedToken token = await host.IssueAsync();
        using HttpResponseMessage bearer = await host.GetAsync("/source", token.Plaintext);
        using HttpResponseMessage cookie = await host.SendAsync(HttpMethod.Get, "/source", ("Cookie", $"acme_token={token.Plaintext}"));
        using HttpResponseMessage nothing = await host.SendAsync(HttpMethod.Get, "/source");
        using HttpResponseMessage malformed = await host.SendAsync(HttpMethod.Get, "/source", ("Authorization", "Bearer"));
        Assert.AreEqual("AuthorizationBearer False", await bearer.Content.ReadAsStringAsync());
        Assert.AreEqual("Cookie True", await cookie.Content.ReadAsStringAsync());
        Assert.AreEqual("None", await nothing.Content.ReadAsStringAsync());
        Assert.AreEqual("Unreadable", await malformed.Content.ReadAsStringAsync());
    }

    [TestMethod]
    public async Task Cookie_BesideOthers_IsFoundByItsExactName()
    {
        await using TestHost host = await StartAsync(WhenSeveral.Refuse);
        IssuedToken token = await host.IssueAsync();
        foreach ((string cookies, int expected) in new[]
        {
            ($"acme_token={token.Plaintext};ACME_TOKEN=x; acme_token_2=x; ; =", 200),
            ($"ACME_TOKEN={token.Plaintext}", 401),
            ($"acme_token={token.Plaintext}; acme_token=x", 400),
            ($"acme_token={token.Plaintext}; {{}}; acme_token={token.Plaintext}", 400),
        })
        {
            using HttpResponseMessage response = await host.SendAsync(HttpMethod.Get, "/me", ("Cookie", cookies));
            Assert.AreEqual(expected, response.Status(), cookies);
        }
    }

    [TestMethod]
    public async Task EmptyValue_OfHeaderCookieAndQuery_IsNoCredential()
    {
        await using TestHost host = await StartAsync(WhenSeveral.Refuse);
        using HttpResponseMessage empty = await host.SendAsync(HttpMethod.Get, "/me?token=", ("X-API-Key", ""), ("Cookie", "acme_token="));
        Assert.AreEqual(401, empty.Status());
        Assert.AreEqual("Bearer realm=\"api\"", empty.Challenge());
    }

    [TestMethod]
    public async Task Several_WhenRefused_AreABadRequest()
    {
        await using TestHost host = await StartAsync(WhenSeveral.Refuse);
        IssuedToken token = await host.IssueAsync();
        using HttpResponseMessage response = await host.SendAsync(
            HttpMethod.Get, "/me", ("Authorization", $"Bearer {token.Plaintext}"), ("X-API-Key", token.Plaintext));
        Assert.AreEqual(400, response.Status());
        Assert.Contains("error=\"invalid_request\"", response.Challenge()!);
    }

    [TestMethod]
    public async Task Several_WhenTheFirstWins_AreDecidedByTheFirstAlone()
    {
        await using TestHost host = await StartAsync(WhenSeveral.FirstWins);
        IssuedToken good = await host.IssueAsync();
        using HttpResponseMessage goodFirst = await host.SendAsync(HttpMethod.Get, "/me", ("X-API-Key", good.Plaintext), ("Cookie", "acme_token=bad"));
        using HttpResponseMessage badFirst = await host.SendAsync(HttpMethod.Get, "/me", ("X-API-Key", "bad"), ("Cookie", $"acme_token={good.Plaintext}"));
        using HttpResponseMessage malformedFirst = await host.SendAsync(HttpMethod.Get, "/me", ("Authorization", "Bearer"), ("X-API-Key", good.Plaintext));
        using HttpResponseMessage otherScheme = await host.SendAsync(HttpMethod.Get, "/me", ("Authorization", "Basic abc"), ("X-API-Key", good.Plaintext));
        Assert.AreEqual(200, goodFirst.Status());
        Assert.AreEqual(401, badFirst.Status());
        Assert.AreEqual(400, malformedFirst.Status());
        Assert.AreEqual(200, otherScheme.Status());
    }

    [TestMethod]
    [DataRow(WhenSeveral.Refuse)]
    [DataRow(WhenSeveral.FirstWins)]
    public async Task OneSource_WithTwoValues_IsABadRequest(WhenSeveral whenSeveral)
    {
        await using TestHost host = await StartAsync(whenSeveral);
        IssuedToken token = await host.IssueAsync();
        using HttpResponseMessage query = await host.SendAsync(HttpMethod.Get, $"/me?token={token.Plaintext}&token={token.Plaintext}");
        string header = await host.SendRawAsync("GET /me HTTP/1.1", $"X-API-Key: {token.Plaintext}", $"X-API-Key: {token.Plaintext}");
        Assert.AreEqual(400, query.Status());
        Assert.StartsWith("HTTP/1.1 400 ", header);
    }

    [TestMethod]
    public async Task QueryCredential_MakesEveryResponsePrivate()
    {
        await using TestHost host = await StartAsync(WhenSeveral.Refuse);
        IssuedToken token = await host.IssueAsync();
        using HttpResponseMessage good = await host.SendAsync(HttpMethod.Get, $"/cacheable?token={token.Plaintext}");
        using HttpResponseMessage bad = await host.SendAsync(HttpMethod.Get, "/cacheable?token=abc");
        using HttpResponseMessage none = await host.GetAsync("/cacheable", token.Plaintext);
        Assert.AreEqual("private, no-store", good.CacheControl());
        Assert.AreEqual("private, no-store", bad.CacheControl());
        Assert.AreEqual("public, max-age=60", none.CacheControl());
    }
}
