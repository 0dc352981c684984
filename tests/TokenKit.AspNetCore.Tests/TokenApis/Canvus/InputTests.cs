using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;

namespace TokenKit.AspNetCore.Tests.TokenApis.Canvus;

/// <summary>What callers send, however wrong: an answer of the product's, and nothing written.</summary>
[TestClass]
public sealed class InputTests
{
    private const string Missing = "description parameter is missing";
    private const string NotText = "description parameter is not a string";
    private const string NotValid = "description parameter is not valid";
    private const string NotAnObject = "The request body is not a JSON object";

    [TestMethod]
    [DataRow(null, Missing)]
    [DataRow("", Missing)]
    [DataRow("{}", Missing)]
    [DataRow("""{"Description":"d"}""", Missing)]
    [DataRow("""{"description":null}""", Missing)]
    [DataRow("""{"description":"d","description":null}""", Missing)]
    [DataRow("null", NotAnObject)]
    [DataRow("[]", NotAnObject)]
    [DataRow("\"description\"", NotAnObject)]
    [DataRow("description=d", NotAnObject)]
    [DataRow("""{"description":"d" """, NotAnObject)]
    [DataRow("""{"description":"d"}}""", NotAnObject)]
    [DataRow("""{"description":1}""", NotText)]
    [DataRow("""{"description":1e400}""", NotText)]
    [DataRow("""{"description":true}""", NotText)]
    [DataRow("""{"description":["d"]}""", NotText)]
    [DataRow("""{"description":{"d":"d"}}""", NotText)]
    [DataRow("""{"description":"\ud800"}""", NotText)]
    [DataRow("""{"description":"\u0000"}""", NotValid)]
    public async Task CreateAndChange_WithoutADescription_Answer400(string? body, string message)
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();
        string own = TokenIdText.Write(canvus.User.Record.Id);
        foreach ((string method, string? id) in new[] { ("POST", null), ("PATCH", own) })
        {
            Reply reply = await canvus.SendAsync(method, CanvusHost.PathOf("1001", id), body);

            Assert.AreEqual((400, "application/json"), (reply.Status, reply.ContentType), reply.Text);
            Assert.AreEqual($$"""{"msg":"{{message}}"}""", reply.Text);
        }

        Assert.AreEqual(2, await canvus.CountAsync());
        Assert.Contains("user's", (await canvus.SendAsync("GET", CanvusHost.PathOf("1001"))).Text);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow(" padded ")]
    [DataRow("quote \" slash / backslash \\ percent %2F tab \t newline \n")]
    [DataRow("<script>&amp;'+</script>")]
    [DataRow("Ünïcode 漢字 😀 \u2028 \u0085 \u00A0 é é")]
    [DataRow("\uFFFD \uFFFF")]
    public async Task CreateAndChange_WithAnyText_EchoItExactly(string description)
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();
        string id = await canvus.CreateAsync();
        string body = JsonSerializer.Serialize(new Dictionary<string, object> { ["description"] = description, ["name"] = 1, ["expires"] = "x" });
        foreach ((string method, string? token) in new[] { ("POST", null), ("PATCH", id) })
        {
            Reply reply = await canvus.SendAsync(method, CanvusHost.PathOf("1001", token), body);
            Reply read = await canvus.SendAsync("GET", CanvusHost.PathOf("1001", reply.Json.GetProperty("id").GetString()));

            Assert.AreEqual(description, reply.Json.GetProperty("description").GetString());
            Assert.AreEqual(description, read.Json.GetProperty("description").GetString());
        }
    }

    [TestMethod]
    [DataRow("a", 10_000, 200)]
    [DataRow("😀", 10_000, 200)]
    [DataRow("a", 10_001, 400)]
    public async Task Create_WithALongDescription_CountsCodePoints(string character, int count, int expected)
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();
        string description = string.Concat(Enumerable.Repeat(character, count));

        Reply reply = await canvus.SendAsync("POST", CanvusHost.PathOf("1001"), $$"""{"description":"{{description}}"}""");

        Assert.AreEqual(expected, reply.Status);
        Assert.AreEqual(expected == 200 ? description : null, expected == 200 ? reply.Json.GetProperty("description").GetString() : null);
    }

    [TestMethod]
    [DataRow("me", 400)]
    [DataRow("current", 400)]
    [DataRow("1001x", 400)]
    [DataRow("1001.0", 400)]
    [DataRow("1e3", 400)]
    [DataRow("0x3E9", 400)]
    [DataRow("٤", 400)]
    [DataRow("%201001", 400)]
    [DataRow("1001%2F", 400)]
    [DataRow("\"quoted\"", 400)]
    [DataRow("9223372036854775808", 400)]
    [DataRow("-9223372036854775809", 400)]
    [DataRow("9223372036854775807", 403)]
    [DataRow("-1", 403)]
    [DataRow("0", 403)]
    [DataRow("001001", 200)]
    public async Task AnyOperation_OnAUserId_TakesIntegersOnly(string user, int expected)
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();
        foreach (string? token in new[] { null, TokenIdText.Write(canvus.User.Record.Id) })
        {
            Reply reply = await canvus.SendAsync("GET", CanvusHost.PathOf(user, token));

            Assert.AreEqual(expected, reply.Status, reply.Text);
            if (expected == 400)
            {
                Assert.AreEqual($"User ID {user.Replace("%20", " ", StringComparison.Ordinal)} is not an integer", reply.Json.GetProperty("msg").GetString());
            }
        }
    }

    [TestMethod]
    public async Task UserId_ThatIsNoInteger_IsSaidInTheProductsWords()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();
        Assert.AreEqual("""400 {"msg":"User ID me is not an integer"}""", (await canvus.SendAsync("GET", CanvusHost.PathOf("me"))).ToString());
    }

    [TestMethod]
    [DataRow("x")]
    [DataRow("zzzzzzzzzzzzzzzzzzzzzz")]
    [DataRow("00000000000000000000000")]
    [DataRow("0190163d-8694-739b-aea5-966c26f8ad90")]
    [DataRow("JDJhJDA0JENKTWJDT0g1QVNYSkFQTXh3NlhNWi5CWjlqT05yR2h0cXJ1d1VQZW9sZWlsWkJneXRXbTRp")]
    [DataRow("%00x")]
    [DataRow("%F0%9F%98%80%F0%9F%98%80%F0%9F%98%80%F0%9F%98%80%F0%9F%98%80%F0%9F%98%80%F0%9F%98%80%F0%9F%98%80%F0%9F%98%80%F0%9F%98%80%F0%9F%98%80")]
    public async Task AnyOperation_OnATokenIdThatIsNone_Answers404(string token)
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();
        foreach (string method in new[] { "GET", "PATCH", "DELETE" })
        {
            Reply reply = await canvus.SendAsync(method, CanvusHost.PathOf("1001", token), """{"description":"d"}""");

            // The server itself refuses a NUL in a path, before any endpoint.
            Assert.AreEqual(token == "%00x" ? 400 : 404, reply.Status, reply.Text);
        }
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("Content-Type: application/x-www-form-urlencoded\r\n")]
    [DataRow("Content-Type: multipart/form-data; boundary=x\r\n")]
    [DataRow("Content-Type: application/json\r\nContent-Type: application/json\r\n")]
    [DataRow("Content-Type: nonsense\r\n")]
    [DataRow("Content-Type: application/json; charset=utf-16\r\n")]
    public async Task Create_WithAnyLabelOrNone_ReadsJson(string label)
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();
        const string Body = """{"description":"d"}""";
        foreach (string rest in new[] { $"Content-Length: {Body.Length}\r\n\r\n{Body}", $"Transfer-Encoding: chunked\r\n\r\n{Body.Length:x}\r\n{Body}\r\n0\r\n\r\n" })
        {
            string response = await canvus.Host.SendRawAsync(
                $"POST {CanvusHost.PathOf("1001")} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nPrivate-Token: {canvus.User.Plaintext}\r\n{label}{rest}");

            Assert.StartsWith("HTTP/1.1 200 ", response);
        }
    }

    [TestMethod]
    [DataRow(64 * 1024, 200)]
    [DataRow((64 * 1024) + 1, 413)]
    [DataRow(10_000_000, 413)]
    public async Task Create_WithALargeBody_IsRefusedBeyond64Kibibytes(int length, int expected)
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();
        string body = """{"description":"d"}""".PadRight(length);
        foreach ((string, string)[] chunked in new[] { [], new[] { ("Transfer-Encoding", "chunked") } })
        {
            Reply reply = await canvus.SendAsync("POST", CanvusHost.PathOf("1001"), body, [("Private-Token", canvus.User.Plaintext), .. chunked]);

            Assert.AreEqual(expected, reply.Status);
            Assert.AreEqual(expected == 413 ? """{"msg":"The request body is too large"}""" : reply.Text, reply.Text);
        }
    }

    [TestMethod]
    public async Task Limits_OfTheHost_AreSaidAs400()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(services => services.AddTokenKit().AddRealm(CanvusHost.Realm, realm =>
        {
            realm.UniqueNames = true;
            realm.MaximumLivingTokens = 2;
        }));
        Reply taken = await canvus.SendAsync("POST", CanvusHost.PathOf("1001"), """{"description":"user's"}""");
        await canvus.CreateAsync();
        Reply full = await canvus.SendAsync("POST", CanvusHost.PathOf("1001"), """{"description":"third"}""");

        Assert.AreEqual("""400 {"msg":"Another access token has this description"}""", taken.ToString());
        Assert.AreEqual("""400 {"msg":"There are as many access tokens as there may be"}""", full.ToString());
    }
}
