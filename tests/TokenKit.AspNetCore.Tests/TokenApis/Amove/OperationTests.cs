using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;

namespace TokenKit.AspNetCore.Tests.TokenApis.Amove;

[TestClass]
public sealed class OperationTests
{
    [TestMethod]
    public async Task Insert_ByAJwt_AnswersTheWholeObject()
    {
        await using AmoveHost amove = await AmoveHost.StartAsync();

        Answer answer = await amove.InsertAsync(AmoveHost.Jwt(), """{"title":"CI pipeline","expirationDate":"2037-01-01T00:00:00Z"}""");

        string id = answer.Json.GetProperty("id").GetString()!;
        string token = answer.Json.GetProperty("token").GetString()!;
        string created = answer.Json.GetProperty("createDate").GetString()!;
        Assert.AreEqual((200, "application/json"), (answer.Status, answer.ContentType));
        Assert.AreEqual("private, no-store", string.Join(", ", answer.Header("Cache-Control").Split(", ").OrderDescending(StringComparer.Ordinal)));
        Assert.AreEqual(
            $$"""{"id":"{{id}}","title":"CI pipeline","token":"{{token}}","expirationDate":"2037-01-01T00:00:00Z","createDate":"{{created}}"}""",
            answer.Text);
        Assert.MatchesRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$", created);
        ApiToken used = ((VerificationResult.Valid)await amove.Host.Tokens.VerifyAsync(AmoveHost.Realm, token)).Token;
        Assert.AreEqual((Guid.Parse(id), AmoveHost.Subject, AmoveHost.Subject), (used.Id, used.Subject, used.Actor));
    }

    [TestMethod]
    [DataRow("{\"title\":\"t\"}")]
    [DataRow("{\"title\":\"t\",\"expirationDate\":null,\"isEncrypted\":false}")]
    public async Task Insert_WithoutAnExpiry_AnswersNull(string body)
    {
        await using AmoveHost amove = await AmoveHost.StartAsync();

        Answer answer = await amove.InsertAsync(AmoveHost.Jwt(), body);

        Assert.AreEqual(200, answer.Status, answer.Text);
        Assert.AreEqual(JsonValueKind.Null, answer.Json.GetProperty("expirationDate").ValueKind);
    }

    [TestMethod]
    public async Task Insert_OfATitleThatIsThere_MakesAnother()
    {
        await using AmoveHost amove = await AmoveHost.StartAsync();

        Answer first = await amove.InsertAsync(AmoveHost.Jwt(), """{"title":"t"}""");
        Answer second = await amove.InsertAsync(AmoveHost.Jwt(), """{"title":"t"}""");

        Assert.AreEqual((200, 200), (first.Status, second.Status));
        Assert.AreNotEqual(first.Json.GetProperty("id").GetString(), second.Json.GetProperty("id").GetString());
    }

    [TestMethod]
    public async Task Insert_ByAnApiTokenThatExpires_ShowsTheExpiryThatItWasCutTo()
    {
        await using AmoveHost amove = await AmoveHost.StartAsync();
        IssuedToken caller = await amove.IssueAsync(expiry: TokenExpiry.At(new DateTimeOffset(2036, 5, 4, 3, 2, 1, TimeSpan.Zero)));

        Answer never = await amove.InsertAsync(caller.Plaintext, """{"title":"t"}""");
        Answer later = await amove.InsertAsync(caller.Plaintext, """{"title":"t","expirationDate":"2037-01-01T00:00:00Z"}""");

        Assert.AreEqual("2036-05-04T03:02:01Z", never.Json.GetProperty("expirationDate").GetString());
        Assert.AreEqual("2036-05-04T03:02:01Z", later.Json.GetProperty("expirationDate").GetString());
    }

    [TestMethod]
    public async Task List_ByAJwt_ShowsOnesOwnTokensNewestFirstWithTheirValues()
    {
        await using AmoveHost amove = await AmoveHost.StartAsync();
        string jwt = AmoveHost.Jwt();
        await amove.IssueAsync(subject: "1000");
        Answer first = await amove.InsertAsync(jwt, """{"title":"first"}""");
        amove.Host.Clock.Ahead = TimeSpan.FromSeconds(1);
        Answer second = await amove.InsertAsync(jwt, """{"title":"second","expirationDate":"2037-01-01T00:00:00Z"}""");

        Answer list = await amove.ListAsync(jwt);
        Answer page = await amove.SendAsync("GET", "get_all", jwt, more: "&page=2&pagesize=1&sortfield=Title&descending=false");

        Assert.AreEqual((200, "application/json"), (list.Status, list.ContentType));
        Assert.AreEqual($"[{second.Text},{first.Text}]", list.Text);
        Assert.AreEqual(list.Text, page.Text);
        Assert.AreEqual("[]", (await amove.ListAsync(AmoveHost.Jwt("1002"))).Text);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task List_ByAnApiToken_ShowsValuesOnlyWhereTheHostSaysSo(bool showValues)
    {
        await using AmoveHost amove = await AmoveHost.StartAsync(services =>
            services.AddTokenKit().AddAmoveTokens(AmoveHost.Realm, options => options.ShowValuesToTokens = showValues));
        IssuedToken caller = await amove.IssueAsync(name: "caller");

        Answer list = await amove.ListAsync(caller.Plaintext);

        Assert.AreEqual(200, list.Status, list.Text);
        Assert.AreEqual(showValues ? caller.Plaintext : caller.Plaintext[..12], list.Json[0].GetProperty("token").GetString());
    }

    [TestMethod]
    public async Task List_WhoseKeyIsLost_ShowsNullAndReportsOnce()
    {
        await using AmoveHost amove = await AmoveHost.StartAsync();
        await amove.IssueAsync();
        await amove.IssueAsync();
        amove.Set.Protector.HasLostItsKey = true;

        Answer list = await amove.ListAsync(AmoveHost.Jwt());

        CollectionAssert.AreEqual(new string?[] { null, null }, list.Json.EnumerateArray().Select(token => token.GetProperty("token").GetString()).ToArray());
        Assert.HasCount(1, amove.Host.Logs.Lines.Where(line => line.Contains("2 recoverable copies in realm amove cannot be read", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task Delete_OfAToken_EndsItAndTakesItOutOfTheList()
    {
        await using AmoveHost amove = await AmoveHost.StartAsync();
        string jwt = AmoveHost.Jwt();
        IssuedToken token = await amove.IssueAsync();
        IssuedToken kept = await amove.IssueAsync();

        Answer answer = await amove.DeleteAsync(jwt, token.Record.Id.ToString());

        Assert.AreEqual((200, "", null), (answer.Status, answer.Text, answer.ContentType));
        Assert.AreEqual(kept.Record.Id.ToString(), (await amove.ListAsync(jwt)).Json.EnumerateArray().Single().GetProperty("id").GetString());
        (await amove.ListAsync(token.Plaintext)).AssertError(401, "TOKEN");
        (await amove.DeleteAsync(jwt, token.Record.Id.ToString())).AssertError(499, "NOT_FOUND");
    }

    [TestMethod]
    public async Task Delete_OfTheTokenInUse_Answers200AndIsItsLastCall()
    {
        await using AmoveHost amove = await AmoveHost.StartAsync();
        IssuedToken token = await amove.IssueAsync();

        Assert.AreEqual(200, (await amove.DeleteAsync(token.Plaintext, token.Record.Id.ToString().ToUpperInvariant())).Status);
        (await amove.DeleteAsync(token.Plaintext, token.Record.Id.ToString())).AssertError(401, "TOKEN");
    }

    [TestMethod]
    public async Task Delete_OfAnothersOrOfNoToken_AnswersAlike()
    {
        await using AmoveHost amove = await AmoveHost.StartAsync(services => services.AddTokenKit().AddAmoveTokens("twin"));
        IssuedToken anothers = await amove.IssueAsync(subject: "1000");
        IssuedToken foreign = await amove.IssueAsync(realm: "twin");

        foreach (Guid id in new[] { anothers.Record.Id, foreign.Record.Id, Guid.Empty, Guid.Parse("0190163d-8694-739b-aea5-966c26f8ad90") })
        {
            (await amove.DeleteAsync(AmoveHost.Jwt(), id.ToString())).AssertError(499, "NOT_FOUND");
        }

        Assert.IsInstanceOfType<VerificationResult.Valid>(await amove.Host.Tokens.VerifyAsync(AmoveHost.Realm, anothers.Plaintext));
    }
}
