using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;

namespace TokenKit.AspNetCore.Tests.Authentication;

/// <summary>The answers of RFC 6750 §3, with the Authorization header as the only source.</summary>
[TestClass]
public sealed class ChallengeTests
{
    private const string Bare = "Bearer realm=\"api\"";
    private const string InvalidRequest = "Bearer realm=\"api\", error=\"invalid_request\", error_description=\"The request carries a malformed credential or more than one.\"";
    private const string InvalidToken = "Bearer realm=\"api\", error=\"invalid_token\", error_description=\"The token is not valid.\"";

    private static Task<TestHost> StartAsync() => TestHost.StartAsync(
        services => services.AddAuthentication().AddApiToken("api"),
        app =>
        {
            app.MapGet("/me", (HttpContext context) => context.User.Identity!.Name).RequireAuthorization();
            app.MapGet("/open", (HttpContext context) => context.User.Identity?.Name ?? "nobody");
        });

    [TestMethod]
    public async Task Token_Valid_AuthenticatesItsSubject()
    {
        await using TestHost host = await StartAsync();
        IssuedToken token = await host.IssueAsync();
        using HttpResponseMessage response = await host.GetAsync("/me", token.Plaintext);
        Assert.AreEqual(200, response.Status());
        Assert.AreEqual("1001", await response.Content.ReadAsStringAsync());
    }

    [TestMethod]
    public async Task Credential_Missing_IsChallengedWithoutErrorCode()
    {
        await using TestHost host = await StartAsync();
        using HttpResponseMessage response = await host.SendAsync(HttpMethod.Get, "/me");
        Assert.AreEqual(401, response.Status());
        Assert.AreEqual(Bare, response.Challenge());
        Assert.AreEqual("no-store", response.CacheControl());
    }

    [TestMethod]
    [DataRow("Basic dXNlcjpwYXNz")]
    [DataRow("Bearerx abc")]
    [DataRow("Bearer\tabc")]
    [DataRow("Negotiate")]
    public async Task Authorization_OfAnotherScheme_IsNoCredential(string authorization)
    {
        await using TestHost host = await StartAsync();
        using HttpResponseMessage response = await host.SendAsync(HttpMethod.Get, "/me", ("Authorization", authorization));
        Assert.AreEqual(401, response.Status());
        Assert.AreEqual(Bare, response.Challenge());
    }

    [TestMethod]
    [DataRow("Bearer")]
    [DataRow("bearer")]
    [DataRow("Bearer =")]
    [DataRow("Bearer ab cd")]
    [DataRow("Bearer ab,cd")]
    [DataRow("Bearer \"abcd\"")]
    [DataRow("Bearer ab=cd")]
    [DataRow("Bearer token=\"abcd\"")]
    [DataRow("Bearer ab\tcd")]
    [DataRow("Bearer äöü")]
    public async Task Bearer_Malformed_IsABadRequest(string authorization)
    {
        await using TestHost host = await StartAsync();
        string response = await host.SendRawAsync("GET /me HTTP/1.1", $"Authorization: {authorization}");
        Assert.StartsWith("HTTP/1.1 400 ", response);
        Assert.Contains($"WWW-Authenticate: {InvalidRequest}\r\n", response);
        Assert.Contains("Cache-Control: no-store\r\n", response);
    }

    [TestMethod]
    [DataRow("Bearer abc", "Bearer abc")]
    [DataRow("Bearer abc", "Basic abc")]
    [DataRow("Basic abc", "bearer abc")]
    [DataRow("Basic abc", "Basic abc")]
    public async Task Authorization_Twice_IsABadRequest(string first, string second)
    {
        await using TestHost host = await StartAsync();
        string response = await host.SendRawAsync("GET /me HTTP/1.1", $"Authorization: {first}", $"Authorization: {second}");
        Assert.StartsWith("HTTP/1.1 400 ", response);
        Assert.Contains($"WWW-Authenticate: {InvalidRequest}\r\n", response);
    }

    [TestMethod]
    [DataRow("bearer")]
    [DataRow("BEARER")]
    [DataRow("Bearer   ")]
    public async Task Scheme_InAnyCaseAndSpacing_IsBearer(string scheme)
    {
        await using TestHost host = await StartAsync();
        IssuedToken token = await host.IssueAsync();
        string response = await host.SendRawAsync("GET /me HTTP/1.1", $"Authorization: {scheme} {token.Plaintext}");
        Assert.StartsWith("HTTP/1.1 200 ", response);
    }

    [TestMethod]
    public async Task Token_DeadOrUnknown_IsRefusedAlike()
    {
        await using TestHost host = await StartAsync();
        IssuedToken living = await host.IssueAsync();
        IssuedToken revoked = await host.IssueAsync();
        await host.RevokeAsync(revoked);
        IssuedToken suspended = await host.IssueAsync();
        await host.Tokens.UpdateAsync(new UpdateRequest("api", suspended.Record.Id, SubjectFilter.Any) { Suspended = true });
        IssuedToken deleted = await host.IssueAsync();
        await host.Tokens.DeleteAsync("api", deleted.Record.Id, SubjectFilter.Any);
        IssuedToken expired = await host.IssueAsync(expiry: TokenExpiry.After(TimeSpan.FromMinutes(1)));
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        IssuedToken foreign = await host.IssueAsync(realm: "other");

        (string Case, string Text)[] refused =
        [
            ("revoked", revoked.Plaintext),
            ("suspended", suspended.Plaintext),
            ("deleted", deleted.Plaintext),
            ("expired", expired.Plaintext),
            ("of another realm", foreign.Plaintext),
            ("true id with forged secret", ForgedToken.Mix(living.Plaintext, revoked.Plaintext)),
            ("wrong checksum", living.Plaintext[..^1] + (living.Plaintext[^1] == '0' ? '1' : '0')),
            ("no token", "abc"),
            ("huge", new string('a', 8192)),
        ];
        foreach ((string name, string text) in refused)
        {
            using HttpResponseMessage response = await host.GetAsync("/me", text);
            Assert.AreEqual(401, response.Status(), name);
            Assert.AreEqual(InvalidToken, response.Challenge(), name);
            Assert.AreEqual("no-store", response.CacheControl(), name);
            Assert.AreEqual("", await response.Content.ReadAsStringAsync(), name);
        }

        using HttpResponseMessage control = await host.GetAsync("/me", living.Plaintext);
        Assert.AreEqual(200, control.Status());
    }

    [TestMethod]
    public async Task Token_RevokedBetweenRequests_IsRefusedAtOnce()
    {
        await using TestHost host = await StartAsync();
        IssuedToken token = await host.IssueAsync();
        using HttpResponseMessage before = await host.GetAsync("/me", token.Plaintext);
        await host.RevokeAsync(token);
        using HttpResponseMessage after = await host.GetAsync("/me", token.Plaintext);
        Assert.AreEqual(200, before.Status());
        Assert.AreEqual(401, after.Status());
    }

    [TestMethod]
    public async Task OpenEndpoint_WithABadCredential_SeesAnAnonymousCaller()
    {
        await using TestHost host = await StartAsync();
        foreach (string authorization in new[] { "Bearer abc", "Bearer", "Basic abc" })
        {
            using HttpResponseMessage response = await host.SendAsync(HttpMethod.Get, "/open", ("Authorization", authorization));
            Assert.AreEqual(200, response.Status(), authorization);
            Assert.AreEqual("nobody", await response.Content.ReadAsStringAsync(), authorization);
            Assert.IsNull(response.Challenge(), authorization);
        }
    }

    [TestMethod]
    [DataRow("HEAD")]
    [DataRow("OPTIONS")]
    [DataRow("DELETE")]
    public async Task Challenge_ForAnyMethod_IsTheSame(string method)
    {
        await using TestHost host = await TestHost.StartAsync(
            services => services.AddAuthentication().AddApiToken("api"),
            app => app.Map("/any", () => "").RequireAuthorization());
        using HttpResponseMessage bare = await host.SendAsync(new HttpMethod(method), "/any");
        using HttpResponseMessage refused = await host.SendAsync(new HttpMethod(method), "/any", ("Authorization", "Bearer abc"));
        Assert.AreEqual(401, bare.Status());
        Assert.AreEqual(Bare, bare.Challenge());
        Assert.AreEqual(401, refused.Status());
        Assert.AreEqual(InvalidToken, refused.Challenge());
    }

    [TestMethod]
    public async Task Scheme_ThatIsNotTheDefault_AnswersWhereAPolicyNamesIt()
    {
        await using TestHost host = await TestHost.StartAsync(
            services => services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie().AddApiToken("api"),
            app =>
            {
                app.MapGet("/named", (HttpContext context) => context.GetApiToken()?.Subject)
                    .RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = ApiTokenDefaults.AuthenticationScheme });
                app.MapGet("/open", (HttpContext context) => context.GetApiToken()?.Subject ?? "nobody");
            });
        IssuedToken token = await host.IssueAsync();
        using HttpResponseMessage named = await host.GetAsync("/named", token.Plaintext);
        using HttpResponseMessage refused = await host.GetAsync("/named", "abc");
        using HttpResponseMessage bare = await host.SendAsync(HttpMethod.Get, "/named");
        using HttpResponseMessage open = await host.GetAsync("/open", token.Plaintext);
        Assert.AreEqual("1001", await named.Content.ReadAsStringAsync());
        Assert.AreEqual(InvalidToken, refused.Challenge());
        Assert.AreEqual(401, bare.Status());
        Assert.AreEqual(Bare, bare.Challenge());
        Assert.AreEqual("nobody", await open.Content.ReadAsStringAsync());
    }
}
