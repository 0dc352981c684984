using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Authorization;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.AspNetCore.Tests.TokenApis;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.Authorization;

/// <summary>How often each token API asks the host about its caller.</summary>
[TestClass]
public sealed class CallerRightsTests
{
    private const string Cookie = "host-cookie";
    private const string User = "1001";
    private const string Users = "/api/v1/users";

    [TestMethod]
    [DataRow("amove", "GET", "/apitoken/get_all?token={token}", User)]
    [DataRow("amove", "POST", "/apitoken/insert?token={token}", User)]
    [DataRow("amove", "DELETE", "/apitoken/delete?token={token}&id={id}", User)]
    [DataRow("canvus", "GET", $"{Users}/{User}/access-tokens", User)]
    [DataRow("canvus", "POST", $"{Users}/{User}/access-tokens", User)]
    [DataRow("canvus", "GET", $"{Users}/{User}/access-tokens/{{id}}", User)]
    [DataRow("canvus", "PATCH", $"{Users}/{User}/access-tokens/{{id}}", User)]
    [DataRow("canvus", "DELETE", $"{Users}/{User}/access-tokens/{{id}}", User)]
    [DataRow("canvus", "GET", $"{Users}/0{User}/access-tokens", User)]
    [DataRow("canvus", "GET", $"{Users}/1002/access-tokens", $"{User},1002")]
    [DataRow("vai", "GET", "/api/v1/access-tokens", User)]
    [DataRow("vai", "POST", "/api/v1/access-tokens", User)]
    [DataRow("vai", "GET", "/api/v1/access-tokens/{id}", User)]
    [DataRow("vai", "DELETE", "/api/v1/access-tokens/{id}", User)]
    [DataRow("vai", "DELETE", "/api/v1/access-tokens", User)]
    public async Task Host_DuringTheRequestOfAToken_IsAskedOnceAboutEachSubject(string realm, string method, string path, string asked)
    {
        await using SetHost host = await StartAsync();
        IssuedToken token = await host.Host.IssueAsync(new IssueRequest(realm) { Subject = User, Name = "t" });

        string id = realm == "canvus" ? TokenIdText.Write(token.Record.Id) : token.Record.Id.ToString();

        Answer answer = await host.SendAsync(
            method,
            path.Replace("{token}", token.Plaintext, StringComparison.Ordinal).Replace("{id}", id, StringComparison.Ordinal),
            """{"title":"t","name":"n","description":"d"}""",
            ("Authorization", $"Bearer {token.Plaintext}"),
            ("Private-Token", token.Plaintext));

        Assert.IsInRange(200, 204, answer.Status, answer.Text);
        Assert.AreEqual(asked, string.Join(',', Asked(host)));
    }

    [TestMethod]
    [DataRow("GET", "/_/token")]
    [DataRow("POST", "/_/token")]
    [DataRow("PUT", "/_/token")]
    [DataRow("DELETE", "/_/token")]
    [DataRow("GET", "/_/token/value?name=n")]
    public async Task Host_DuringTheRequestOfAnAdministratorOfQuery_IsAskedOnceUnlessATokenSaysEnough(string method, string path)
    {
        await using SetHost host = await StartAsync();
        IssuedToken token = await host.Host.IssueAsync(new IssueRequest("query") { Kind = QueryTokensDefaults.AdminKind, Name = "t" });
        string cookie = (await host.SendAsync("POST", "/sign-in", "", [])).Header("Set-Cookie").Split(';')[0];

        Answer byToken = await host.SendAsync(method, path, """{"name":"n"}""", ("Authorization", $"Bearer {token.Plaintext}"));
        Assert.AreNotEqual(401, byToken.Status, byToken.Text);
        Assert.IsEmpty(Asked(host));

        Answer byCookie = await host.SendAsync(method, path, """{"name":"n"}""", ("Cookie", cookie), ("Content-Type", "application/json"));
        Assert.AreNotEqual(401, byCookie.Status, byCookie.Text);
        CollectionAssert.AreEqual(new[] { "nobody" }, Asked(host));
    }

    private static string[] Asked(SetHost host) => [.. host.Host.Services.GetRequiredService<AskedSubjects>()];

    private static Task<SetHost> StartAsync() => SetHost.StartAsync(
        static services =>
        {
            services.AddAuthentication(Cookie).AddCookie(Cookie);
            services.AddSingleton<AskedSubjects>();
            services.AddScoped<ITokenCallerRights, Everything>();
            services.AddTokenKit()
                .AddAmoveTokens("amove")
                .AddQueryTokens("query", static query => query.AdditionalSchemes.Add(Cookie))
                .AddCanvusTokens("canvus")
                .AddVirtuousAITokens("vai");
        },
        static app =>
        {
            app.MapAmoveTokens("amove");
            app.MapQueryTokens("query");
            app.MapCanvusTokens("canvus");
            app.MapVirtuousAITokens("vai");
            app.MapPost("/sign-in", static (HttpContext context) => context.SignInAsync(
                Cookie, new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", User)], Cookie))));
        });

    private sealed class AskedSubjects : ConcurrentQueue<string>;

    private sealed class Everything(AskedSubjects asked) : ITokenCallerRights
    {
        public ValueTask<bool> MayManageAsync(TokenCaller caller, string realm, string? subject, CancellationToken cancellationToken)
        {
            asked.Enqueue(subject ?? "nobody");
            return ValueTask.FromResult(true);
        }
    }
}
