using TokenKit.AspNetCore.Tests.Hosting;

namespace TokenKit.AspNetCore.Tests.TokenApis.VirtuousAI;

[TestClass]
public sealed class QueryInputTests
{
    private const string LimitTooSmall = """{"loc":["query","limit"],"msg":"Input should be greater than or equal to 1","type":"greater_than_equal"}""";
    private const string LimitTooLarge = """{"loc":["query","limit"],"msg":"Input should be less than or equal to 200","type":"less_than_equal"}""";
    private const string LimitNoInteger = """{"loc":["query","limit"],"msg":"Input should be a valid integer, unable to parse string as an integer","type":"int_parsing"}""";
    private const string WrongKind = """{"loc":["query","tokenType"],"msg":"Input should be 'session', 'pat' or 'device'","type":"enum"}""";
    private const string NoBoolean = """{"loc":["query","includeRevoked"],"msg":"Input should be a valid boolean, unable to interpret input","type":"bool_parsing"}""";
    private const string WrongCursor = """{"loc":["query","cursor"],"msg":"Value error, the cursor does not belong to this list","type":"value_error"}""";

    [TestMethod]
    [DataRow("limit=0", LimitTooSmall)]
    [DataRow("limit=-1", LimitTooSmall)]
    [DataRow("limit=-99999999999999999999", LimitTooSmall)]
    [DataRow("limit=201", LimitTooLarge)]
    [DataRow("limit=99999999999999999999", LimitTooLarge)]
    [DataRow("limit=abc", LimitNoInteger)]
    [DataRow("limit=", LimitNoInteger)]
    [DataRow("limit", LimitNoInteger)]
    [DataRow("limit=5.5", LimitNoInteger)]
    [DataRow("limit=1_", LimitNoInteger)]
    [DataRow("limit=_1", LimitNoInteger)]
    [DataRow("limit=1__0", LimitNoInteger)]
    [DataRow("limit=%2B", LimitNoInteger)]
    [DataRow("limit=%2B-5", LimitNoInteger)]
    [DataRow("limit=.0", LimitNoInteger)]
    [DataRow("limit=5%00", LimitNoInteger)]
    [DataRow("limit=%D9%A5", LimitNoInteger)]
    [DataRow("limit=5&limit=0", LimitTooSmall)]
    [DataRow("tokenType=PAT", WrongKind)]
    [DataRow("tokenType=", WrongKind)]
    [DataRow("tokenType=pat&tokenType=api", WrongKind)]
    [DataRow("includeRevoked=", NoBoolean)]
    [DataRow("includeRevoked=2", NoBoolean)]
    [DataRow("includeRevoked=maybe", NoBoolean)]
    [DataRow("includeRevoked=%20true", NoBoolean)]
    [DataRow("includeRevoked=null", NoBoolean)]
    [DataRow("cursor=", WrongCursor)]
    [DataRow("cursor=abc", WrongCursor)]
    [DataRow("cursor=%00%ED%A0%80", WrongCursor)]
    [DataRow("cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", WrongCursor)]
    [DataRow("tokenType=x&includeRevoked=x&limit=x&cursor=x", WrongKind + "," + NoBoolean + "," + LimitNoInteger)]
    public async Task List_WithAWrongParameter_Answers422(string query, string items)
    {
        await using VaiHost vai = await VaiHost.StartAsync();

        Answer answer = await vai.SendAsync("GET", $"{VaiHost.Path}?{query}");

        Assert.AreEqual($$"""{"detail":[{{items}}]}""", answer.Text);
        Assert.AreEqual(422, answer.Status);
        Assert.AreEqual("application/json", answer.ContentType);
    }

    [TestMethod]
    [DataRow("limit=200")]
    [DataRow("limit=0&limit=5")]
    [DataRow("limit=%205%20")]
    [DataRow("limit=%2B5")]
    [DataRow("limit=5.000")]
    [DataRow("limit=1_00")]
    [DataRow("LIMIT=abc&unknown=%ff&=&&")]
    [DataRow("includeRevoked=T")]
    [DataRow("includeRevoked=oFF")]
    [DataRow("includeRevoked=Y&includeRevoked=n")]
    public async Task List_WithAGenerousParameter_IsServed(string query)
    {
        await using VaiHost vai = await VaiHost.StartAsync();

        Answer answer = await vai.SendAsync("GET", $"{VaiHost.Path}?{query}");

        Assert.AreEqual(200, answer.Status, answer.Text);
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
    [DataRow("me", "invalid character: expected an optional prefix of `urn:uuid:` followed by [0-9a-fA-F-], found `m` at 1")]
    [DataRow("aé", "invalid character: expected an optional prefix of `urn:uuid:` followed by [0-9a-fA-F-], found `é` at 2")]
    [DataRow("0", "invalid length: expected length 32 for simple format, found 1")]
    [DataRow("00000000000000000000000000000000a", "invalid length: expected length 32 for simple format, found 33")]
    [DataRow("0-0", "invalid group count: expected 5, found 2")]
    [DataRow("-----", "invalid group count: expected 5, found 6")]
    [DataRow("00000000-0000-0000-0000-00000000000", "invalid group length in group 4: expected 12, found 11")]
    [DataRow("0000000-00000-0000-0000-000000000000", "invalid group length in group 0: expected 8, found 7")]
    [DataRow("%7B00000000-0000-0000-0000-000000000000%7D", "invalid character: expected an optional prefix of `urn:uuid:` followed by [0-9a-fA-F-], found `{` at 1")]
    [DataRow("%2B0000000-0000-0000-0000-000000000000", "invalid character: expected an optional prefix of `urn:uuid:` followed by [0-9a-fA-F-], found `+` at 1")]
    public async Task GetAndRevoke_WithAnIdThatIsNoUuid_Answer422(string id, string reason)
    {
        await using VaiHost vai = await VaiHost.StartAsync();

        foreach (string method in new[] { "GET", "DELETE" })
        {
            Answer answer = await vai.SendAsync(method, $"{VaiHost.Path}/{id}");

            Assert.AreEqual($$"""{"detail":[{"loc":["path","token_id"],"msg":"Input should be a valid UUID, {{reason}}","type":"uuid_parsing"}]}""", answer.Text);
            Assert.AreEqual(422, answer.Status);
        }
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

    [TestMethod]
    public async Task RevokeAll_WithAWrongParameter_Answers422AndRevokesNothing()
    {
        await using VaiHost vai = await VaiHost.StartAsync();
        IssuedToken token = await vai.IssueAsync("kept");

        Answer answer = await vai.SendAsync("DELETE", $"{VaiHost.Path}?exclude_current=maybe");

        Assert.AreEqual("""{"detail":[{"loc":["query","exclude_current"],"msg":"Input should be a valid boolean, unable to interpret input","type":"bool_parsing"}]}""", answer.Text);
        Assert.AreEqual(422, answer.Status);
        Assert.AreEqual(200, (await vai.SendAsync("GET", VaiHost.Path, null, ("X-API-Key", token.Plaintext))).Status);
    }
}
