using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;

namespace TokenKit.AspNetCore.Tests.TokenApis.Canvus;

[TestClass]
public sealed partial class OperationTests
{
    [TestMethod]
    public async Task Create_WithADescription_ShowsThePlaintextOnce()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();

        Reply created = await canvus.SendAsync("POST", CanvusHost.PathOf("1001"), """{"description":"Second token"}""");

        Assert.AreEqual((200, "application/json"), (created.Status, created.ContentType), created.Text);
        Assert.AreEqual("created_at,description,id,plain_token", Members(created.Json));
        Assert.AreEqual("Second token", created.Json.GetProperty("description").GetString());
        string plaintext = created.Json.GetProperty("plain_token").GetString()!;
        Reply list = await canvus.SendAsync("GET", CanvusHost.PathOf("1001"), null, ("Private-Token", plaintext));
        Assert.AreEqual(200, list.Status);
        Assert.DoesNotContain(plaintext[^40..], list.Text);
        Assert.AreEqual("no-store", created.Header("Cache-Control"));
    }

    [TestMethod]
    public async Task List_OfSeveral_IsABareArrayInTheOrderOfCreation()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();
        await canvus.CreateAsync("b");
        await canvus.CreateAsync("a");

        Reply list = await canvus.SendAsync("GET", CanvusHost.PathOf("1001"));

        Assert.AreEqual((200, "application/json"), (list.Status, list.ContentType));
        CollectionAssert.AreEqual(new[] { "user's", "b", "a" }, Descriptions(list));
        Assert.IsTrue(list.Json.EnumerateArray().All(token => Members(token) == "created_at,description,id"), list.Text);
    }

    [TestMethod]
    public async Task List_OfMoreThanAPage_IsWhole()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();
        for (int i = 0; i < 1001; i++)
        {
            await canvus.IssueAsync(i.ToString(CultureInfo.InvariantCulture), "1002");
        }

        Reply list = await canvus.SendAsync(canvus.Administrator, "GET", CanvusHost.PathOf("1002"));

        CollectionAssert.AreEqual(Enumerable.Range(0, 1001).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToArray(), Descriptions(list));
    }

    [TestMethod]
    public async Task List_OfAUserWithoutTokens_IsAnEmptyArray()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();
        Assert.AreEqual("200 []", (await canvus.SendAsync(canvus.Administrator, "GET", CanvusHost.PathOf("1002"))).ToString());
    }

    [TestMethod]
    public async Task Get_AToken_ShowsWhatTheListShows()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();

        Reply single = await canvus.SendAsync("GET", CanvusHost.PathOf("1001", TokenIdText.Write(canvus.User.Record.Id)));
        Reply list = await canvus.SendAsync("GET", CanvusHost.PathOf("1001"));

        Assert.AreEqual($"[{single.Text}]", list.Text);
        Assert.MatchesRegex(Shape(), single.Text);
        string millisecond = canvus.User.Record.CreatedAt.ToString("yyyy-MM-ddTHH:mm:ss.fff", CultureInfo.InvariantCulture);
        Assert.AreEqual(millisecond, single.Json.GetProperty("created_at").GetString());
    }

    [TestMethod]
    public async Task Change_TheDescription_LeavesIdAndCreation()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();
        string path = CanvusHost.PathOf("1001", await canvus.CreateAsync());
        Reply before = await canvus.SendAsync("GET", path);

        Reply changed = await canvus.SendAsync("PATCH", path, """{"description":"Updated description"}""");

        Assert.AreEqual(200, changed.Status);
        Assert.AreEqual(before.Text.Replace("made", "Updated description", StringComparison.Ordinal), changed.Text);
        Assert.AreEqual(changed.Text, (await canvus.SendAsync("GET", path)).Text);
    }

    [TestMethod]
    public async Task Delete_AToken_RevokesItAndTakesItOutOfTheSet()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();
        Reply created = await canvus.SendAsync("POST", CanvusHost.PathOf("1001"), """{"description":"x"}""");
        string path = CanvusHost.PathOf("1001", created.Json.GetProperty("id").GetString());

        Reply deleted = await canvus.SendAsync("DELETE", path);

        Assert.AreEqual((200, null, ""), (deleted.Status, deleted.ContentType, deleted.Text));
        Reply used = await canvus.SendAsync("GET", CanvusHost.PathOf("1001"), null, ("Private-Token", created.Json.GetProperty("plain_token").GetString()!));
        Assert.AreEqual(401, used.Status);
        CollectionAssert.AreEqual(new[] { "user's" }, Descriptions(await canvus.SendAsync("GET", CanvusHost.PathOf("1001"))));
        foreach (string method in new[] { "GET", "PATCH", "DELETE" })
        {
            Assert.AreEqual("""404 {"msg":"Access token not found"}""", (await canvus.SendAsync(method, path, """{"description":"y"}""")).ToString());
        }
    }

    [TestMethod]
    public async Task Delete_TheTokenInUse_IsRefusedFromTheNextCallOn()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();

        Reply deleted = await canvus.SendAsync("DELETE", CanvusHost.PathOf("1001", TokenIdText.Write(canvus.User.Record.Id)));

        Assert.AreEqual((200, 401), (deleted.Status, (await canvus.SendAsync("GET", CanvusHost.PathOf("1001"))).Status));
    }

    [TestMethod]
    public async Task Delete_WithOrWithoutABody_HasNoContentTypeAndNoBody()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();
        foreach (string rest in new[] { "", "Content-Length: 0\r\n", "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}" })
        {
            string path = CanvusHost.PathOf("1001", await canvus.CreateAsync());

            string response = await canvus.Host.SendRawAsync($"DELETE {path} HTTP/1.1\r\nPrivate-Token: {canvus.User.Plaintext}\r\nHost: x\r\nConnection: close\r\n{rest}\r\n");

            Assert.StartsWith("HTTP/1.1 200 ", response);
            Assert.DoesNotContain("Content-Type", response);
            Assert.EndsWith("\r\n\r\n", response);
        }
    }

    [TestMethod]
    public async Task Create_AToken_NeverExpires()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();
        await canvus.CreateAsync();
        canvus.Host.Clock.Ahead = TimeSpan.FromDays(36_500);
        Assert.HasCount(2, Descriptions(await canvus.SendAsync("GET", CanvusHost.PathOf("1001"))));
    }

    [TestMethod]
    public async Task Create_ByATokenThatExpires_MakesOneThatExpiresWithIt()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(services =>
            services.AddTokenKit().AddRealm(CanvusHost.Realm, realm => realm.AddKind("login", login => login.DefaultLifetime = TimeSpan.FromHours(1))));
        IssuedToken login = await canvus.IssueAsync("login", "1001", kind: "login");
        Reply created = await canvus.SendAsync(login, "POST", CanvusHost.PathOf("1001"), """{"description":"d"}""");
        (string, string) credential = ("Private-Token", created.Json.GetProperty("plain_token").GetString()!);
        Assert.AreEqual(200, (await canvus.SendAsync("GET", CanvusHost.PathOf("1001"), null, credential)).Status);

        canvus.Host.Clock.Ahead = TimeSpan.FromHours(1);

        Assert.AreEqual(401, (await canvus.SendAsync("GET", CanvusHost.PathOf("1001"), null, credential)).Status);
        Assert.AreEqual(200, (await canvus.SendAsync("GET", CanvusHost.PathOf("1001"))).Status);
    }

    [TestMethod]
    public async Task AnyOperation_OnATokenOfAnotherKind_DoesNotSeeIt()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(services => services.AddTokenKit().AddRealm(CanvusHost.Realm, realm => realm.AddKind("login")));
        IssuedToken login = await canvus.IssueAsync("login", "1001", kind: "login");

        foreach (string method in new[] { "GET", "PATCH", "DELETE" })
        {
            Assert.AreEqual(404, (await canvus.SendAsync(method, CanvusHost.PathOf("1001", TokenIdText.Write(login.Record.Id)), """{"description":"y"}""")).Status);
        }

        Reply list = await canvus.SendAsync(login, "GET", CanvusHost.PathOf("1001"));
        CollectionAssert.AreEqual(new[] { "user's" }, Descriptions(list));
    }

    [TestMethod]
    public async Task Create_TheSameDescriptionTwice_IsAllowed()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();
        Assert.AreNotEqual(await canvus.CreateAsync("twin"), await canvus.CreateAsync("twin"));
    }

    private static string[] Descriptions(Reply list) => [.. list.Json.EnumerateArray().Select(token => token.GetProperty("description").GetString()!)];

    private static string Members(JsonElement token) => string.Join(',', token.EnumerateObject().Select(member => member.Name));

    [GeneratedRegex("""^\{"created_at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}","description":"user's","id":"[0-9A-Za-z]{22}"\}$""")]
    private static partial Regex Shape();
}
