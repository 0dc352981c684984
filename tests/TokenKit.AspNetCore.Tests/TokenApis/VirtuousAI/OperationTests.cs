using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;

namespace TokenKit.AspNetCore.Tests.TokenApis.VirtuousAI;

[TestClass]
public sealed partial class OperationTests
{
    private static readonly string[] Members = ["createdAt", "expiresAt", "id", "lastUsedAt", "name", "revokedAt", "tokenPrefix", "tokenType"];

    [TestMethod]
    public async Task Create_WithAName_AnswersPlaintextAndToken()
    {
        await using VaiHost vai = await VaiHost.StartAsync();

        Answer answer = await vai.SendAsync("POST", VaiHost.Path, """{"name":"CI: prüft 🚀"}""");

        Assert.AreEqual(201, answer.Status, answer.Text);
        Assert.AreEqual("application/json", answer.ContentType);
        Assert.AreEqual("no-store", answer.Header("Cache-Control"));
        string plaintext = answer.Json.GetProperty("plaintext").GetString()!;
        JsonElement token = answer.Json.GetProperty("token");
        CollectionAssert.AreEqual(Members, token.EnumerateObject().Select(member => member.Name).ToArray());
        Assert.AreEqual("CI: prüft 🚀", token.GetProperty("name").GetString());
        Assert.AreEqual("pat", token.GetProperty("tokenType").GetString());
        Assert.AreEqual(plaintext[.."vai_pat_123456".Length], token.GetProperty("tokenPrefix").GetString());
        Assert.MatchesRegex(Rfc3339(), token.GetProperty("createdAt").GetString()!);
        Assert.MatchesRegex(Rfc3339(), token.GetProperty("expiresAt").GetString()!);
        Assert.AreEqual(JsonValueKind.Null, token.GetProperty("lastUsedAt").ValueKind);
        Assert.AreEqual(JsonValueKind.Null, token.GetProperty("revokedAt").ValueKind);
        Answer used = await vai.SendAsync("GET", VaiHost.Path, null, ("Authorization", $"Bearer {plaintext}"));
        Assert.AreEqual(200, used.Status, "a token of the set manages tokens");
    }

    [TestMethod]
    public async Task List_AfterSomeWereCreated_ShowsTheNewestFirstInPages()
    {
        await using VaiHost vai = await VaiHost.StartAsync();
        for (int i = 1; i <= 3; i++)
        {
            vai.Host.Clock.Ahead += TimeSpan.FromSeconds(1);
            await vai.SendAsync("POST", VaiHost.Path, $$"""{"name":"n{{i}}"}""");
        }

        List<string> names = [];
        string? cursor = null;
        do
        {
            Answer page = await vai.SendAsync("GET", $"{VaiHost.Path}?limit=1{(cursor is null ? "" : "&cursor=" + cursor)}");
            Assert.AreEqual(200, page.Status, page.Text);
            names.Add(page.Json.GetProperty("items")[0].GetProperty("name").GetString()!);
            cursor = page.Json.GetProperty("nextCursor").GetString();
            await vai.IssueAsync("inserted meanwhile");
        }
        while (cursor is not null);

        CollectionAssert.AreEqual(new[] { "n3", "n2", "n1", "session" }, names);
    }

    [TestMethod]
    public async Task List_WithFilters_ShowsThatKindAndRevokedOnesOnlyOnRequest()
    {
        await using VaiHost vai = await VaiHost.StartAsync();
        IssuedToken device = await vai.IssueAsync("device", VirtuousAITokensDefaults.DeviceKind);
        IssuedToken pat = await vai.IssueAsync("pat", VirtuousAITokensDefaults.PatKind);
        await vai.IssueAsync("expired", VirtuousAITokensDefaults.PatKind, expiry: TokenExpiry.After(TimeSpan.FromMilliseconds(1)));
        await vai.IssueAsync("another's", subject: "1000");
        await vai.Host.RevokeAsync(pat);

        CollectionAssert.AreEquivalent(new[] { "session", "device", "expired" }, await NamesAsync(vai, ""));
        CollectionAssert.AreEquivalent(new[] { "session", "device", "expired", "pat" }, await NamesAsync(vai, "?includeRevoked=yes"));
        CollectionAssert.AreEquivalent(new[] { "device" }, await NamesAsync(vai, "?tokenType=device"));
        CollectionAssert.AreEquivalent(new[] { "expired", "pat" }, await NamesAsync(vai, "?tokenType=pat&includeRevoked=1&unknown=x"));
        Assert.AreEqual("device", device.Record.Kind);
    }

    [TestMethod]
    public async Task Get_ByEitherFormOfTheId_ShowsRevokedTokensToo()
    {
        await using VaiHost vai = await VaiHost.StartAsync();
        IssuedToken token = await vai.IssueAsync("gone");
        await vai.Host.RevokeAsync(token);

        Answer hyphenated = await vai.SendAsync("GET", $"{VaiHost.Path}/{token.Record.Id:D}");
        Answer plain = await vai.SendAsync("GET", $"{VaiHost.Path}/{token.Record.Id.ToString("N").ToUpperInvariant()}");

        Assert.AreEqual(200, hyphenated.Status);
        Assert.AreEqual(hyphenated.Text, plain.Text);
        Assert.AreEqual(token.Record.Id.ToString(), hyphenated.Json.GetProperty("id").GetString());
        Assert.MatchesRegex(Rfc3339(), hyphenated.Json.GetProperty("revokedAt").GetString()!);
    }

    [TestMethod]
    public async Task Get_AfterTheTokenWasUsed_ShowsWhen()
    {
        await using VaiHost vai = await VaiHost.StartAsync();

        Answer answer = await vai.SendAsync("GET", $"{VaiHost.Path}/{vai.Session.Record.Id}");

        Assert.MatchesRegex(Rfc3339(), answer.Json.GetProperty("lastUsedAt").GetString()!);
    }

    [TestMethod]
    public async Task Revoke_Twice_AnswersNoContentAndKeepsTheFirstInstant()
    {
        await using VaiHost vai = await VaiHost.StartAsync();
        IssuedToken token = await vai.IssueAsync("short-lived");
        string path = $"{VaiHost.Path}/{token.Record.Id}";

        Answer first = await vai.SendAsync("DELETE", path);
        string? revokedAt = (await vai.SendAsync("GET", path)).Json.GetProperty("revokedAt").GetString();
        vai.Host.Clock.Ahead = TimeSpan.FromMinutes(1);
        Answer second = await vai.SendAsync("DELETE", path);

        Assert.AreEqual((204, "", 204, ""), (first.Status, first.Text, second.Status, second.Text));
        Assert.IsNull(first.ContentType);
        Assert.AreEqual(revokedAt, (await vai.SendAsync("GET", path)).Json.GetProperty("revokedAt").GetString());
        Answer used = await vai.SendAsync("GET", VaiHost.Path, null, ("Authorization", $"Bearer {token.Plaintext}"));
        Assert.AreEqual(401, used.Status);
    }

    [TestMethod]
    [DataRow("", 3, 200)]
    [DataRow("?exclude_current=true", 3, 200)]
    [DataRow("?exclude_current=false", 4, 401)]
    [DataRow("?excludeCurrent=false", 3, 200)]
    public async Task RevokeAll_SparingTheCallersTokenOrNot_CountsWhatItRevoked(string query, int expectedCount, int statusAfterwards)
    {
        await using VaiHost vai = await VaiHost.StartAsync();
        await vai.IssueAsync("device", VirtuousAITokensDefaults.DeviceKind);
        await vai.IssueAsync("pat", VirtuousAITokensDefaults.PatKind);
        await vai.IssueAsync("expired", expiry: TokenExpiry.After(TimeSpan.FromMilliseconds(1)));
        await vai.Host.RevokeAsync(await vai.IssueAsync("revoked before"));
        IssuedToken anothers = await vai.IssueAsync("another's", subject: "1000");

        Answer answer = await vai.SendAsync("DELETE", VaiHost.Path + query);

        Assert.AreEqual(200, answer.Status, answer.Text);
        Assert.AreEqual($$"""{"revokedCount":{{expectedCount}}}""", answer.Text);
        Assert.AreEqual(statusAfterwards, (await vai.SendAsync("GET", VaiHost.Path)).Status);
        Answer other = await vai.SendAsync("GET", VaiHost.Path, null, ("Authorization", $"Bearer {anothers.Plaintext}"));
        Assert.AreEqual(200, other.Status, "another's tokens are not touched");
    }

    [TestMethod]
    public async Task RevokeAll_WithASlashWhereAnIdShouldFollow_Answers404AndRevokesNothing()
    {
        await using VaiHost vai = await VaiHost.StartAsync();
        await vai.IssueAsync("kept");

        Answer answer = await vai.SendAsync("DELETE", VaiHost.Path + "/");
        Answer list = await vai.SendAsync("GET", VaiHost.Path + "/");

        Assert.AreEqual((404, """{"detail":"Not Found"}"""), (answer.Status, answer.Text));
        Assert.AreEqual(2, list.Json.GetProperty("items").GetArrayLength());
    }

    [TestMethod]
    public async Task Create_ByATokenThatExpiresSooner_IsClampedAndSaysSo()
    {
        await using VaiHost vai = await VaiHost.StartAsync();
        IssuedToken acting = await vai.IssueAsync("acting", expiry: TokenExpiry.After(TimeSpan.FromDays(2)));

        Answer answer = await vai.SendAsync("POST", VaiHost.Path, """{"name":"n","expiresInDays":365}""", ("X-API-Key", acting.Plaintext));

        Assert.AreEqual(201, answer.Status, answer.Text);
        Assert.AreEqual(acting.Record.ExpiresAt, answer.Json.GetProperty("token").GetProperty("expiresAt").GetDateTimeOffset());
    }

    [TestMethod]
    [DataRow("1", 1)]
    [DataRow("30", 30)]
    [DataRow("\"7\"", 7)]
    [DataRow("5.0", 5)]
    [DataRow("3e1", 30)]
    [DataRow("null", 90)]
    public async Task Create_WithExpiresInDays_LivesSoLong(string days, int expected)
    {
        await using VaiHost vai = await VaiHost.StartAsync(services => services.AddTokenKit().AddRealm(VaiHost.Realm, realm => realm.MayNeverExpire = true));
        IssuedToken acting = await vai.IssueAsync("acting", expiry: TokenExpiry.Never);

        Answer answer = await vai.SendAsync(
            "POST", VaiHost.Path, $$"""{"name":"n","expiresInDays":{{days}}}""", ("Authorization", $"bearer {acting.Plaintext}"));

        Assert.AreEqual(201, answer.Status, answer.Text);
        JsonElement token = answer.Json.GetProperty("token");
        Assert.AreEqual(TimeSpan.FromDays(expected), token.GetProperty("expiresAt").GetDateTimeOffset() - token.GetProperty("createdAt").GetDateTimeOffset());
    }

    [TestMethod]
    public async Task Create_WhereTheRealmsDefaultIsNever_ShowsNoExpiry()
    {
        await using VaiHost vai = await VaiHost.StartAsync(services => services.AddTokenKit().AddRealm(VaiHost.Realm, realm =>
        {
            realm.MayNeverExpire = true;
            realm.DefaultLifetime = null;
        }));

        Answer answer = await vai.SendAsync("POST", VaiHost.Path, """{"name":"n"}""");

        Assert.AreEqual(JsonValueKind.Null, answer.Json.GetProperty("token").GetProperty("expiresAt").ValueKind, answer.Text);
    }

    private static async Task<string[]> NamesAsync(VaiHost vai, string query)
    {
        Answer answer = await vai.SendAsync("GET", VaiHost.Path + query);
        Assert.AreEqual(200, answer.Status, answer.Text);
        return [.. answer.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()!)];
    }

    [GeneratedRegex("""^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$""")]
    private static partial Regex Rfc3339();
}
