using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis.VirtuousAI;

[TestClass]
public sealed class QueryInputTests
{
    private const string LimitNoInteger = """{"loc":["query","limit"],"msg":"Input should be a valid integer, unable to parse string as an integer","type":"int_parsing"}""";
    private const string WrongCursor = """{"loc":["query","cursor"],"msg":"Value error, the cursor does not belong to this list","type":"value_error"}""";

    [TestMethod]
    [DataRow("limit=%2B", LimitNoInteger)]
    [DataRow("limit=%2B-5", LimitNoInteger)]
    [DataRow("limit=.0", LimitNoInteger)]
    [DataRow("limit=5%00", LimitNoInteger)]
    public async Task List_WithAWrongParameter_Answers422(string query, string items)
    {
        await using VaiHost vai = await VaiHost.StartAsync();

        Answer answer = await vai.SendAsync("GET", $"{VaiHost.Path}?{query}");

        Assert.AreEqual($$"""{"detail":[{{items}}]}""", answer.Text);
        Assert.AreEqual(422, answer.Status);
        Assert.AreEqual("application/json", answer.ContentType);
    }

    [TestMethod]
    public async Task List_WithACursorOfAnotherList_Answers422()
    {
        await using VaiHost vai = await VaiHost.StartAsync();
        await vai.IssueAsync("second");
        IssuedToken other = await vai.IssueAsync("another's", subject: "1000");
        await vai.IssueAsync("another's second", subject: "1000");
        string cursor = (await vai.SendAsync("GET", $"{VaiHost.Path}?limit=1")).Json.GetProperty("nextCursor").GetString()!;
        Answer otherPage = await vai.SendAsync("GET", $"{VaiHost.Path}?limit=1", null, ("X-API-Key", other.Plaintext));
        string otherCursor = otherPage.Json.GetProperty("nextCursor").GetString()!;
        char tampered = cursor[20] == 'A' ? 'B' : 'A';

        foreach (string query in new[]
        {
            $"cursor={cursor}&tokenType=session",
            $"cursor={cursor}&includeRevoked=true",
            $"cursor={otherCursor}",
            $"cursor={cursor[..20]}{tampered}{cursor[21..]}",
            $"cursor={cursor}=",
        })
        {
            Answer answer = await vai.SendAsync("GET", $"{VaiHost.Path}?{query}");

            Assert.AreEqual($$"""{"detail":[{{WrongCursor}}]}""", answer.Text, query);
            Assert.AreEqual(422, answer.Status, query);
        }

        Assert.AreEqual(200, (await vai.SendAsync("GET", $"{VaiHost.Path}?limit=7&cursor={cursor}")).Status, "the limit may change");
    }

    [TestMethod]
    public async Task GetAndRevoke_OfATokenThatIsNotTheCallers_Answer404AndChangeNothing()
    {
        await using VaiHost vai = await VaiHost.StartAsync();
        IssuedToken anothers = await vai.IssueAsync("another's", subject: "1000");
        IssuedToken nobodys = await vai.IssueAsync("nobody's", subject: "");
        IssuedToken elsewhere = await vai.Host.IssueAsync(subject: VaiHost.Subject);

        foreach (Guid id in new[] { anothers.Record.Id, nobodys.Record.Id, elsewhere.Record.Id, Guid.Empty, Guid.CreateVersion7() })
        {
            foreach (string method in new[] { "GET", "DELETE" })
            {
                Answer answer = await vai.SendAsync(method, $"{VaiHost.Path}/{id}");

                Assert.AreEqual("""{"type":"about:blank","title":"Not Found","status":404,"detail":"There is no such access token."}""", answer.Text);
                Assert.AreEqual((404, "application/problem+json"), (answer.Status, answer.ContentType));
            }
        }

        Assert.AreEqual(200, (await vai.SendAsync("GET", VaiHost.Path, null, ("X-API-Key", anothers.Plaintext))).Status);
    }
}
