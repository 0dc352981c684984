using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis.Canvus;

/// <summary>What callers send, however wrong: an answer of the product's, and nothing written.</summary>
[TestClass]
public sealed class InputTests
{
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
            Answer reply = await canvus.SendAsync(method, CanvusHost.PathOf("1001", token), """{"description":"d"}""");

            // The server itself refuses a NUL in a path, before any endpoint.
            Assert.AreEqual(token == "%00x" ? 400 : 404, reply.Status, reply.Text);
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
            Answer reply = await canvus.SendAsync("POST", CanvusHost.PathOf("1001"), body, [("Private-Token", canvus.User.Plaintext), .. chunked]);

            Assert.AreEqual(expected, reply.Status);
            Assert.AreEqual(expected == 413 ? """{"msg":"The request body is too large"}""" : reply.Text, reply.Text);
        }
    }
}
