using System.Globalization;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Authentication;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.Hashing;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.Authentication;

/// <summary>A credential that cannot be verified at the moment is neither refused nor anonymous.</summary>
[TestClass]
public sealed class UnavailableTests
{
    private static readonly string[] CookieThenToken = [CookieAuthenticationDefaults.AuthenticationScheme, ApiTokenDefaults.AuthenticationScheme];

    private static async Task<(TestHost Host, string Token)> StartAsync(Action<IServiceCollection> configure, Action<WebApplication> map)
    {
        TestHost host = await TestHost.StartAsync(configure, map);
        IssuedToken token = await host.IssueAsync();
        host.Store.IsDown = true;
        return (host, token.Plaintext);
    }

    private static void AssertUnavailable(HttpResponseMessage response)
    {
        Assert.AreEqual(503, response.Status());
        Assert.IsGreaterThanOrEqualTo(1, int.Parse(response.Header("Retry-After")!, CultureInfo.InvariantCulture));
        Assert.AreEqual("no-store", response.CacheControl());
        Assert.IsNull(response.Header("Location"));
    }

    [TestMethod]
    public async Task ProtectedEndpoint_WhileTheStoreIsDown_IsUnavailable()
    {
        (TestHost host, string token) = await StartAsync(
            services => services.AddAuthentication().AddApiToken("api"),
            app => app.MapGet("/me", () => "").RequireAuthorization());
        await using (host)
        {
            using HttpResponseMessage response = await host.GetAsync("/me", token);
            AssertUnavailable(response);
        }
    }

    [TestMethod]
    public async Task ProtectedEndpoint_WhileTooMuchIsHashed_IsUnavailable()
    {
        using var hasher = new HeldHasher();
        await using TestHost host = await TestHost.StartAsync(
            services =>
            {
                services.AddSingleton<ISecretHasher>(hasher);
                services.AddTokenKit()
                    .ConfigureVerification(verification => verification.ProofCacheCapacity = 0)
                    .ConfigureHashing(hashing => (hashing.MaximumConcurrency, hashing.QueueLimit) = (1, 0));
                services.AddAuthentication().AddApiToken("api");
            },
            app => app.MapGet("/me", () => "").RequireAuthorization());
        IssuedToken first = await host.IssueAsync();
        IssuedToken second = await host.IssueAsync();

        hasher.Hold();
        Task<HttpResponseMessage> hashing = host.GetAsync("/me", first.Plaintext);
        await hasher.Held;
        using (HttpResponseMessage turnedAway = await host.GetAsync("/me", second.Plaintext))
        {
            AssertUnavailable(turnedAway);
        }

        hasher.Release();
        using HttpResponseMessage response = await hashing;
        Assert.AreEqual(200, response.Status());
    }

    [TestMethod]
    public async Task RetryAfter_OfPartsOfASecond_IsRoundedUp()
    {
        (TestHost host, string token) = await StartAsync(
            services =>
            {
                services.AddTokenKit().ConfigureHashing(hashing => hashing.RetryAfter = TimeSpan.FromSeconds(2.1));
                services.AddAuthentication().AddApiToken("api");
            },
            app => app.MapGet("/me", () => "").RequireAuthorization());
        await using (host)
        {
            using HttpResponseMessage response = await host.GetAsync("/me", token);
            Assert.AreEqual("3", response.Header("Retry-After"));
        }
    }

    [TestMethod]
    public async Task OpenEndpoint_OfTheDefaultScheme_IsUnavailable()
    {
        (TestHost host, string token) = await StartAsync(
            services => services.AddAuthentication().AddApiToken("api"),
            app =>
            {
                app.MapGet("/open", () => "reached");
                app.MapGet("/allowed", () => "reached").RequireAuthorization().AllowAnonymous();
            });
        await using (host)
        {
            foreach (string path in new[] { "/open", "/allowed", "/nowhere" })
            {
                using HttpResponseMessage response = await host.GetAsync(path, token);
                AssertUnavailable(response);
            }

            using HttpResponseMessage anonymous = await host.SendAsync(HttpMethod.Get, "/open");
            Assert.AreEqual(200, anonymous.Status());
            using HttpResponseMessage refusedUnread = await host.GetAsync("/open", "abc");
            Assert.AreEqual(200, refusedUnread.Status());
        }
    }

    [TestMethod]
    public async Task OpenEndpoint_WhenTheHostContinues_SeesAnAnonymousCaller()
    {
        (TestHost host, string token) = await StartAsync(
            services => services.AddAuthentication().AddApiToken("api", options => options.ContinueWhenUnavailable = true),
            app =>
            {
                app.MapGet("/open", (HttpContext context) => context.User.Identity?.Name ?? "nobody");
                app.MapGet("/me", () => "").RequireAuthorization();
            });
        await using (host)
        {
            using HttpResponseMessage open = await host.GetAsync("/open", token);
            Assert.AreEqual("nobody", await open.Content.ReadAsStringAsync());
            using HttpResponseMessage closed = await host.GetAsync("/me", token);
            AssertUnavailable(closed);
        }
    }

    [TestMethod]
    public async Task OpenEndpoint_WhenTheDefaultSchemeForwards_IsUnavailable()
    {
        (TestHost host, string token) = await StartAsync(
            services => services.AddAuthentication("smart")
                .AddPolicyScheme("smart", null, options => options.ForwardDefaultSelector = _ => ApiTokenDefaults.AuthenticationScheme)
                .AddApiToken("api"),
            app => app.MapGet("/open", () => "reached"));
        await using (host)
        {
            using HttpResponseMessage response = await host.GetAsync("/open", token);
            AssertUnavailable(response);
        }
    }

    [TestMethod]
    public async Task OpenEndpoint_OfAnotherDefaultScheme_IsNotAskedForATokenAtAll()
    {
        (TestHost host, string token) = await StartAsync(
            services => services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie().AddApiToken("api"),
            app => app.MapGet("/open", () => "reached"));
        await using (host)
        {
            using HttpResponseMessage response = await host.GetAsync("/open", token);
            Assert.AreEqual(200, response.Status());
        }
    }

    [TestMethod]
    public async Task Endpoint_WhosePolicyNamesAnotherScheme_IsLeftToIt()
    {
        (TestHost host, string token) = await StartAsync(
            services => services.AddAuthentication(ApiTokenDefaults.AuthenticationScheme).AddCookie().AddApiToken("api"),
            app => app.MapGet("/cookie", () => "").RequireAuthorization(
                new AuthorizeAttribute { AuthenticationSchemes = CookieAuthenticationDefaults.AuthenticationScheme }));
        await using (host)
        {
            using HttpResponseMessage response = await host.GetAsync("/cookie", token);
            Assert.AreNotEqual(503, response.Status());
        }
    }

    [TestMethod]
    public async Task Endpoint_ThatAuthenticatesItself_AnswersItself()
    {
        (TestHost host, string token) = await StartAsync(
            services => services.AddAuthentication().AddApiToken("api"),
            app => app.MapGet("/set", async (HttpContext context) =>
            {
                ApiTokenAuthentication caller = await ApiTokenAuthentication.ForAsync(context, ApiTokenDefaults.AuthenticationScheme);
                return Results.Text(caller.Credential.RetryAfter.ToString(), statusCode: 599);
            }).WithMetadata(AuthenticatesItself.Instance));
        await using (host)
        {
            using HttpResponseMessage response = await host.GetAsync("/set", token);
            Assert.AreEqual(599, response.Status());
            Assert.AreEqual("00:00:01", await response.Content.ReadAsStringAsync());
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task Answer_WhenACookieSchemeChallengesToo_IsNotItsRedirect(bool tokenFirst)
    {
        (TestHost host, string token) = await StartAsync(
            services => services.AddAuthentication("none").AddCookie().AddApiToken("api"),
            app => app.MapGet("/both", () => Results.Text("")).RequireAuthorization(policy => policy
                .AddAuthenticationSchemes(tokenFirst ? [.. CookieThenToken.Reverse()] : CookieThenToken)
                .RequireAuthenticatedUser()));
        await using (host)
        {
            using HttpResponseMessage unavailable = await host.GetAsync("/both", token);
            AssertUnavailable(unavailable);
            using HttpResponseMessage malformed = await host.SendAsync(HttpMethod.Get, "/both", ("Authorization", "Bearer"));
            Assert.AreEqual(400, malformed.Status());
        }
    }

    [TestMethod]
    public async Task Answer_WhenAnotherRealmChallengesToo_IsTheGravest()
    {
        (TestHost host, string token) = await StartAsync(
            services => services.AddAuthentication("none").AddApiToken("one", "api").AddApiToken("two", "other", options =>
            {
                options.Sources.Add(new ApiTokenSource.Header("X-API-Key"));
            }),
            app => app.MapGet("/both", () => "").RequireAuthorization(policy => policy
                .AddAuthenticationSchemes("one", "two")
                .RequireAuthenticatedUser()));
        await using (host)
        {
            using HttpResponseMessage response = await host.SendAsync(
                HttpMethod.Get, "/both", ("Authorization", $"Bearer {token}"), ("X-API-Key", "abc"));
            AssertUnavailable(response);
        }
    }
}
