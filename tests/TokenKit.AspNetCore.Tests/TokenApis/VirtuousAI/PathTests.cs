namespace TokenKit.AspNetCore.Tests.TokenApis.VirtuousAI;

[TestClass]
public sealed class PathTests
{
    [TestMethod]
    [DataRow("GET", "/x/y")]
    [DataRow("POST", "/0190163d-8694-739b-aea5-966c26f8ad90/rotate")]
    [DataRow("DELETE", "/x/")]
    [DataRow("BREW", "/x/y/z")]
    public async Task AnyMethod_OnAnUnknownPath_Answers404WithoutAskingForACredential(string method, string suffix)
    {
        await using VaiHost vai = await VaiHost.StartAsync();

        Answer answer = await vai.SendAsync(method, VaiHost.Path + suffix, null, []);

        // A trailing slash does not make a path another one.
        Assert.AreEqual(suffix == "/x/" ? 401 : 404, answer.Status);
        if (answer.Status == 404)
        {
            Assert.AreEqual(("""{"detail":"Not Found"}""", "application/json"), (answer.Text, answer.ContentType));
            Assert.AreEqual("no-store", answer.Header("Cache-Control"));
        }
    }

    [TestMethod]
    [DataRow("PUT", "", "GET, POST, DELETE")]
    [DataRow("PATCH", "", "GET, POST, DELETE")]
    [DataRow("HEAD", "", "GET, POST, DELETE")]
    [DataRow("OPTIONS", "", "GET, POST, DELETE")]
    [DataRow("BREW", "", "GET, POST, DELETE")]
    [DataRow("POST", "/0190163d-8694-739b-aea5-966c26f8ad90", "GET, DELETE")]
    [DataRow("PUT", "/no-uuid", "GET, DELETE")]
    [DataRow("HEAD", "/no-uuid", "GET, DELETE")]
    public async Task WrongMethod_OnAPathOfTheSet_Answers405WithoutAskingForACredential(string method, string suffix, string allow)
    {
        await using VaiHost vai = await VaiHost.StartAsync();

        string response = await vai.Host.SendRawAsync($"{method} {VaiHost.Path}{suffix} HTTP/1.1", "Content-Length: 0");

        Assert.StartsWith("HTTP/1.1 405 ", response);
        Assert.Contains($"\r\nAllow: {allow}\r\n", response);
        Assert.Contains("\r\nCache-Control: no-store\r\n", response);
        Assert.EndsWith(method == "HEAD" ? "\r\n\r\n" : """{"detail":"Method Not Allowed"}""", response);
    }
}
