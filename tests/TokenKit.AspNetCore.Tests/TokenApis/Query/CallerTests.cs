using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Authorization;
using TokenKit.AspNetCore.Tests.Hosting;

namespace TokenKit.AspNetCore.Tests.TokenApis.Query;

[TestClass]
public sealed class CallerTests
{
    private const string Bare = "Bearer realm=\"query\"";
    private const string Invalid = "Bearer realm=\"query\", error=\"invalid_token\", error_description=\"The token is not valid.\"";

    [TestMethod]
    [DataRow("POST", "", "{")]
    [DataRow("GET", "", null)]
    [DataRow("PUT", "", "")]
    [DataRow("DELETE", "", "[]")]
    [DataRow("GET", "/value", null)]
    public async Task AnyOperation_WithoutAGoodCredential_Answers401BeforeItLooksAtTheInput(string method, string suffix, string? body)
    {
        await using QueryHost query = await QueryHost.StartAsync(services => services.AddTokenKit().AddQueryTokens("twin"));
        IssuedToken revoked = await query.IssueAdminAsync();
        IssuedToken suspended = await query.IssueAdminAsync();
        IssuedToken server = await query.Set.IssueAsync(new IssueRequest(QueryHost.Realm) { Name = "server" });
        IssuedToken mighty = await query.Set.IssueAsync(new IssueRequest(QueryHost.Realm) { Name = "mighty", Scopes = ScopeSet.Create(ApiTokens.ManageScope) });
        await query.Host.RevokeAsync(revoked);
        await query.Set.SuspendAsync(suspended);
        var credentials = new Dictionary<string, string>
        {
            ["no token"] = "Bearer x",
            ["nothing"] = "Bearer",
            ["huge"] = "Bearer " + new string('a', 10_000),
            ["revoked"] = $"Bearer {revoked.Plaintext}",
            ["suspended"] = $"Bearer {suspended.Plaintext}",
            ["expired"] = $"Bearer {(await query.IssueAdminAsync(TokenExpiry.AtEvenIfPassed(DateTimeOffset.UnixEpoch))).Plaintext}",
            ["of another realm"] = $"Bearer {(await query.IssueAdminAsync(realm: "twin")).Plaintext}",
            ["forged"] = $"Bearer {ForgedToken.Mix(query.Admin.Plaintext, revoked.Plaintext)}",
            ["of the kind server"] = $"Bearer {server.Plaintext}",
            ["of the kind server with the scope"] = $"Bearer {mighty.Plaintext}",
            ["without the scope"] = $"Bearer {(await query.IssueAdminAsync(scopes: ScopeSet.Create("read", "write"))).Plaintext}",
        };

        foreach ((string what, string credential) in credentials)
        {
            AssertUnauthorized(await query.Set.SendAsync(method, QueryHost.Path + suffix, body, ("Authorization", credential)), Invalid, what);
        }

        AssertUnauthorized(await query.Set.SendAsync(method, QueryHost.Path + suffix, body, []), Bare, "none");
        AssertUnauthorized(await query.Set.SendAsync(method, QueryHost.Path + suffix, body, ("Authorization", "Basic eA==")), Bare, "another scheme");
    }

    [TestMethod]
    public async Task List_WithTwoAuthorizationLines_Answers401()
    {
        await using QueryHost query = await QueryHost.StartAsync();
        string line = $"Authorization: Bearer {query.Admin.Plaintext}";

        string response = await query.Host.SendRawAsync($"GET {QueryHost.Path} HTTP/1.1", line, line);

        Assert.StartsWith("HTTP/1.1 401 ", response);
    }

    [TestMethod]
    [DataRow("bearer", "")]
    [DataRow("BEARER", "1000")]
    public async Task List_ByAnAdministratorOfAnySubject_IsServedWhateverTheCaseOfTheSchemeWord(string word, string subject)
    {
        await using QueryHost query = await QueryHost.StartAsync();
        IssuedToken admin = await query.IssueAdminAsync(subject: subject);
        await query.PostAsync("""{"name":"n"}""");

        Answer answer = await query.Set.SendAsync("GET", QueryHost.Path, (string?)null, ("Authorization", $"{word} {admin.Plaintext}"));

        Assert.AreEqual((200, 1), (answer.Status, answer.Json.GetProperty("data").GetArrayLength()));
    }

    [TestMethod]
    [DataRow("POST", "same-origin", 201)]
    [DataRow("POST", "cross-site", 401)]
    [DataRow("PUT", "cross-site", 401)]
    [DataRow("DELETE", "cross-site", 401)]
    [DataRow("GET", "cross-site", 200)]
    public async Task AnyOperation_ByAnAdministratorOfTheHostsCookie_IsServedToTheHostsOwnPages(string method, string site, int expected)
    {
        await using QueryHost query = await StartWithCookieAsync(services => services.AddScoped<ITokenCallerRights, OnlyTheAdministrator>());
        await query.PostAsync("""{"name":"kept"}""");
        string cookie = await SignInAsync(query, "1000");

        Answer answer = await query.Set.SendAsync(method, QueryHost.Path, method == "GET" ? null : """{"name":"n"}""", ("Cookie", cookie), ("Sec-Fetch-Site", site));

        Assert.AreEqual(expected, answer.Status, answer.Text);
        if (expected == 401)
        {
            AssertUnauthorized(answer, Invalid, site);
            Assert.HasCount(1, await query.RowsAsync());
        }
    }

    [TestMethod]
    [DataRow("1001")]
    [DataRow("")]
    [DataRow("long")]
    [DataRow("n\0l")]
    public async Task List_ByAnotherUserOfTheHostsCookie_Answers401(string subject)
    {
        await using QueryHost query = await StartWithCookieAsync(services => services.AddScoped<ITokenCallerRights, OnlyTheAdministrator>());
        string cookie = await SignInAsync(query, subject == "long" ? new string('1', 257) : subject);

        AssertUnauthorized(await query.Set.SendAsync("GET", QueryHost.Path, (string?)null, ("Cookie", cookie)), Invalid, subject);
    }

    [TestMethod]
    public async Task List_ByAUserOfAHostThatSaysNothing_Answers401()
    {
        await using QueryHost query = await StartWithCookieAsync(static _ => { });
        string cookie = await SignInAsync(query, "1000");

        AssertUnauthorized(await query.Set.SendAsync("GET", QueryHost.Path, (string?)null, ("Cookie", cookie)), Invalid, "nobody manages the tokens of nobody");
    }

    [TestMethod]
    public async Task Log_OfEveryOperation_HoldsNoCredential()
    {
        await using QueryHost query = await QueryHost.StartAsync();
        await query.PostAsync("""{"name":"n"}""");
        string token = (await query.RowAsync()).Text("token")!;
        await query.SendAsync("GET", "/value?name=n");
        await query.Set.SendAsync("GET", QueryHost.Path, (string?)null, ("Authorization", $"Bearer {token}"));

        // The last 49 characters are the secret and its checksum.
        foreach (string secret in new[] { token[^49..], query.Admin.Plaintext[^49..] })
        {
            Assert.IsFalse(query.Host.Logs.Lines.Any(line => line.Contains(secret, StringComparison.Ordinal)));
        }
    }

    private static Task<QueryHost> StartWithCookieAsync(Action<IServiceCollection> services) => QueryHost.StartAsync(
        collection =>
        {
            collection.AddAuthentication("host-cookie").AddCookie("host-cookie");
            collection.AddTokenKit().AddQueryTokens(QueryHost.Realm, options => options.AdditionalSchemes.Add("host-cookie"));
            services(collection);
        },
        app =>
        {
            app.MapQueryTokens(QueryHost.Realm);
            app.MapPost("/sign-in", static async context =>
            {
                using var reader = new StreamReader(context.Request.Body);
                string subject = await reader.ReadToEndAsync();
                await context.SignInAsync("host-cookie", new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", subject)], "host-cookie")));
            });
        });

    private static async Task<string> SignInAsync(QueryHost query, string subject) =>
        (await query.Set.SendAsync("POST", "/sign-in", subject, [])).Header("Set-Cookie").Split(';')[0];

    private static void AssertUnauthorized(Answer answer, string challenge, string what)
    {
        Assert.AreEqual((401, "", null), (answer.Status, answer.Text, answer.ContentType), what);
        Assert.AreEqual((challenge, "no-store"), (answer.Header("WWW-Authenticate"), answer.Header("Cache-Control")), what);
    }

    private sealed class OnlyTheAdministrator : ITokenCallerRights
    {
        public ValueTask<bool> MayManageAsync(TokenCaller caller, string realm, string subject, CancellationToken cancellationToken) =>
            ValueTask.FromResult(caller.Subject == "1000" && subject.Length == 0);
    }
}
