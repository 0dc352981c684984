using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;

namespace TokenKit.AspNetCore.Tests.TokenApis.Canvus;

[TestClass]
public sealed class RightsTests
{
    private const string Forbidden = """403 {"msg":"Permission denied"}""";
    private const string NoUser = """404 {"msg":"User not found"}""";
    private const string NoToken = """404 {"msg":"Access token not found"}""";

    [TestMethod]
    [DataRow("1000")]
    [DataRow("1002")]
    [DataRow("9999")]
    [DataRow("-1")]
    public async Task AnyOperation_OnAnotherUser_IsForbiddenToUsersWhetherTheUserExistsOrNot(string user)
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();
        string token = TokenIdText.Write(canvus.Administrator.Record.Id);
        foreach ((string method, string? id) in new (string, string?)[] { ("GET", null), ("POST", null), ("GET", token), ("PATCH", token), ("DELETE", token), ("GET", "x") })
        {
            Assert.AreEqual(Forbidden, (await canvus.SendAsync(method, CanvusHost.PathOf(user, id), """{"description":"d"}""")).ToString(), method);
        }

        Assert.AreEqual(2, await canvus.CountAsync());
    }

    [TestMethod]
    public async Task Administrator_OnAnotherUser_DoesEverything()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();
        Reply created = await canvus.SendAsync(canvus.Administrator, "POST", CanvusHost.PathOf("1001"), """{"description":"d"}""");
        string path = CanvusHost.PathOf("1001", created.Json.GetProperty("id").GetString());

        foreach ((string method, string target) in new[] { ("GET", CanvusHost.PathOf("1001")), ("GET", path), ("PATCH", path), ("DELETE", path) })
        {
            Assert.AreEqual(200, (await canvus.SendAsync(canvus.Administrator, method, target, """{"description":"d"}""")).Status, method);
        }
    }

    [TestMethod]
    public async Task Token_ThatAnAdministratorCreatedForAUser_ActsAsThatUser()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();
        Reply created = await canvus.SendAsync(canvus.Administrator, "POST", CanvusHost.PathOf("1002"), """{"description":"d"}""");
        (string, string) credential = ("Private-Token", created.Json.GetProperty("plain_token").GetString()!);

        Assert.AreEqual(200, (await canvus.SendAsync("GET", CanvusHost.PathOf("1002"), null, credential)).Status);
        Assert.AreEqual(Forbidden, (await canvus.SendAsync("GET", CanvusHost.PathOf("1001"), null, credential)).ToString());
    }

    [TestMethod]
    public async Task Administrator_OnAnUnknownUserOrToken_IsToldSo()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();
        string users = TokenIdText.Write(canvus.User.Record.Id);

        foreach ((string method, string path, string expected) in new[]
        {
            ("GET", CanvusHost.PathOf("9999"), NoUser),
            ("POST", CanvusHost.PathOf("9999"), NoUser),
            ("GET", CanvusHost.PathOf("9999", users), NoUser),
            ("GET", CanvusHost.PathOf("1002", users), NoToken),
            ("PATCH", CanvusHost.PathOf("1002", users), NoToken),
            ("DELETE", CanvusHost.PathOf("1002", users), NoToken),
            ("DELETE", CanvusHost.PathOf("1001", "0000000000000000000000"), NoToken),
        })
        {
            Assert.AreEqual(expected, (await canvus.SendAsync(canvus.Administrator, method, path, """{"description":"d"}""")).ToString(), $"{method} {path}");
        }

        Assert.AreEqual(200, (await canvus.SendAsync("GET", CanvusHost.PathOf("1001"))).Status);
    }

    [TestMethod]
    public async Task Host_ThatSaysNothing_HasEveryUserAndNoAdministrators()
    {
        await using TestHost host = await TestHost.StartAsync(
            services => services.AddTokenKit().AddCanvusTokens("canvus"),
            app => app.MapCanvusTokens("canvus"));
        IssuedToken token = await host.IssueAsync(ApiTokens.ManageScope, "canvus", "123456789");

        foreach ((string user, int expected) in new[] { ("123456789", 200), ("0123456789", 200), ("1000", 403) })
        {
            using HttpResponseMessage response = await host.SendAsync(HttpMethod.Get, CanvusHost.PathOf(user), ("Private-Token", token.Plaintext));
            Assert.AreEqual(expected, response.Status(), user);
        }
    }

    [TestMethod]
    [DataRow("1001", "")]
    [DataRow("1001", "models:read")]
    [DataRow("", null)]
    [DataRow("alice", null)]
    public async Task AnyOperation_ByATokenWithoutTheScopeOrTheUser_IsForbidden(string subject, string? scopes)
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();
        IssuedToken token = await canvus.IssueAsync("t", subject, scopes: scopes);

        foreach (string method in new[] { "GET", "POST" })
        {
            Assert.AreEqual(Forbidden, (await canvus.SendAsync(token, method, CanvusHost.PathOf("1001"), """{"description":"d"}""")).ToString());
        }
    }
}
