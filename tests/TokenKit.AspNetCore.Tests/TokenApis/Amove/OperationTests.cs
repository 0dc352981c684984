using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.TestKit;

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
    public async Task Delete_OfTheTokenInUse_Answers200AndIsItsLastCall()
    {
        await using AmoveHost amove = await AmoveHost.StartAsync();
        IssuedToken token = await amove.IssueAsync();

        Assert.AreEqual(200, (await amove.DeleteAsync(token.Plaintext, token.Record.Id.ToString().ToUpperInvariant())).Status);
        (await amove.DeleteAsync(token.Plaintext, token.Record.Id.ToString())).AssertError(401, "TOKEN");
    }
}
