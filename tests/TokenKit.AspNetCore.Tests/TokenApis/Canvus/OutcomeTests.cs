using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Authorization;
using TokenKit.AspNetCore.Tests.Hosting;

namespace TokenKit.AspNetCore.Tests.TokenApis.Canvus;

/// <summary>Every outcome that does not depend on what is asked for, in the product's shape.</summary>
[TestClass]
public sealed class OutcomeTests
{
    [TestMethod]
    [DataRow("GET", "/x/y")]
    [DataRow("POST", "/0000000000000000000000/rotate")]
    [DataRow("BREW", "/x/y/z")]
    public async Task AnyMethod_OnAnUnknownPath_Answers404WithoutAskingForACredential(string method, string suffix)
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();

        Reply reply = await canvus.SendAsync(method, CanvusHost.PathOf("1001") + suffix, null, []);

        Assert.AreEqual(("""404 {"msg":"Not found"}""", "application/json"), (reply.ToString(), reply.ContentType));
    }

    [TestMethod]
    [DataRow("PUT", null, "GET, POST")]
    [DataRow("DELETE", null, "GET, POST")]
    [DataRow("HEAD", null, "GET, POST")]
    [DataRow("OPTIONS", null, "GET, POST")]
    [DataRow("POST", "x", "GET, PATCH, DELETE")]
    [DataRow("BREW", "x", "GET, PATCH, DELETE")]
    public async Task WrongMethod_OnAPathOfTheSet_Answers405WithoutAskingForACredential(string method, string? token, string allow)
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();

        string response = await canvus.Host.SendRawAsync($"{method} {CanvusHost.PathOf("1001", token)} HTTP/1.1", "Content-Length: 0");

        Assert.StartsWith("HTTP/1.1 405 ", response);
        Assert.Contains($"\r\nAllow: {allow}\r\n", response);
        Assert.EndsWith(method == "HEAD" ? "\r\n\r\n" : """{"msg":"Method not allowed"}""", response);
    }

    [TestMethod]
    public async Task AnyOperation_WhileTheStoreIsDown_Answers503()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();
        canvus.Host.Store.IsDown = true;
        foreach ((string method, string? token) in new[] { ("GET", null), ("POST", null), ("GET", "x"), ("PATCH", "x"), ("DELETE", "x") })
        {
            Reply reply = await canvus.SendAsync(method, CanvusHost.PathOf("1001", token), """{"description":"d"}""");

            Assert.AreEqual("""503 {"msg":"Service unavailable"}""", reply.ToString());
            Assert.IsNotNull(reply.Header("Retry-After"));
        }
    }

    [TestMethod]
    public async Task AnyOperation_ThatFails_Answers500WithoutADetail()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(services => services.AddScoped<ITokenCallerRights, FailingRights>());
        foreach ((string method, string? token) in new[] { ("GET", null), ("POST", null), ("GET", "x"), ("PATCH", "x"), ("DELETE", "x") })
        {
            Reply reply = await canvus.SendAsync(method, CanvusHost.PathOf("1001", token), """{"description":"d"}""");

            Assert.AreEqual(("""500 {"msg":"Internal server error"}""", "application/json"), (reply.ToString(), reply.ContentType));
        }
    }

    [TestMethod]
    public async Task TrailingSlash_OnAPathOfTheSet_DoesNotMakeItAnother()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();
        Assert.AreEqual(200, (await canvus.SendAsync("GET", CanvusHost.PathOf("1001") + "/")).Status);
        Assert.AreEqual(200, (await canvus.SendAsync("GET", CanvusHost.PathOf("1001", TokenIdText.Write(canvus.User.Record.Id)) + "/")).Status);
    }

    private sealed class FailingRights : ITokenCallerRights
    {
        public ValueTask<bool> MayManageAsync(TokenCaller caller, string realm, string subject, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("the reason that nobody may see");
    }
}
