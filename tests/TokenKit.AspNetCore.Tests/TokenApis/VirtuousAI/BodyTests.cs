using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis.VirtuousAI;

[TestClass]
public sealed class BodyTests
{
    private const int MaximumLength = 64 * 1024;
    private const string TooLarge = """{"detail":"Content Too Large"}""";
    private const string NoBody = """{"detail":[{"loc":["body"],"msg":"Field required","type":"missing"}]}""";
    private const string NoJson = """{"detail":[{"loc":["body",0],"msg":"JSON decode error","type":"json_invalid"}]}""";

    [TestMethod]
    [DataRow(MaximumLength, false, 201)]
    [DataRow(MaximumLength, true, 201)]
    [DataRow(MaximumLength + 1, false, 413)]
    [DataRow(MaximumLength + 1, true, 413)]
    [DataRow(10_000_000, false, 413)]
    [DataRow(10_000_000, true, 413)]
    public async Task Create_WithALargeBody_IsRefusedBeyond64Kibibytes(int length, bool chunked, int expected)
    {
        await using VaiHost vai = await VaiHost.StartAsync();
        byte[] body = Encoding.UTF8.GetBytes("""{"name":"n"}""".PadRight(length));

        Answer answer = await vai.PostAsync(body, chunked: chunked);

        Assert.AreEqual(expected, answer.Status, answer.Text);
        if (expected == 413)
        {
            Assert.AreEqual((TooLarge, "application/json"), (answer.Text, answer.ContentType));
            Assert.AreEqual(1, await vai.CountAsync());
        }
    }

    [TestMethod]
    public async Task Create_WithALargeBodyAndNoCredential_Answers401()
    {
        await using VaiHost vai = await VaiHost.StartAsync();

        Answer answer = await vai.SendAsync("POST", VaiHost.Path, new string('x', MaximumLength + 1), []);

        Assert.AreEqual(401, answer.Status);
    }

    [TestMethod]
    public async Task Create_WhereTheHostAllowsLess_Answers413()
    {
        await using VaiHost vai = await VaiHost.StartAsync(services =>
            services.Configure<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = 100));

        foreach (bool chunked in new[] { false, true })
        {
            Answer answer = await vai.PostAsync(new byte[200], chunked: chunked);

            Assert.AreEqual((413, TooLarge), (answer.Status, answer.Text));
        }
    }

    [TestMethod]
    [DataRow("Content-Length: 0\r\n\r\n", NoBody)]
    [DataRow("\r\n", NoBody)]
    [DataRow("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", NoBody)]
    [DataRow("Transfer-Encoding: chunked\r\n\r\nz\r\n{\"name\":\"n\"}\r\n0\r\n\r\n", NoJson)]
    [DataRow("Transfer-Encoding: chunked\r\n\r\nc\r\n{\"name\":\"n\"}c\r\n0\r\n\r\n", NoJson)]
    public async Task Create_WithABodyThatIsEmptyOrInNoPieces_Answers422(string rest, string expected)
    {
        await using VaiHost vai = await VaiHost.StartAsync();
        using var client = new TcpClient();

        string response = await PostAsync(vai, client, rest, breakOff: false);

        Assert.StartsWith("HTTP/1.1 422 ", response);
        Assert.EndsWith(expected, response);
        Assert.AreEqual(1, await vai.CountAsync());
    }

    [TestMethod]
    [DataRow("Transfer-Encoding: chunked\r\n\r\nc\r\n{\"name\":\"n\"}\r\n")]
    [DataRow("Content-Length: 100\r\n\r\n{\"name\":\"n\"}")]
    public async Task Create_WithABodyThatBreaksOff_WritesNothingAndIsNoFailure(string rest)
    {
        await using VaiHost vai = await VaiHost.StartAsync();
        using var client = new TcpClient();

        await PostAsync(vai, client, rest, breakOff: true);

        Assert.AreEqual(200, (await vai.SendAsync("GET", VaiHost.Path)).Status);
        Assert.AreEqual(1, await vai.CountAsync());
        Assert.IsFalse(vai.Host.Logs.Lines.Any(line => line.Contains(" Error: ", StringComparison.Ordinal)));
    }

    // Of a connection that breaks off nobody expects an answer, though there may be one.
    private static async Task<string> PostAsync(VaiHost vai, TcpClient client, string rest, bool breakOff)
    {
        await client.ConnectAsync(vai.Host.Address.Host, vai.Host.Address.Port);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(
            $"POST {VaiHost.Path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nX-API-Key: {vai.Session.Plaintext}\r\n{rest}"));
        if (breakOff)
        {
            client.Client.Shutdown(SocketShutdown.Send);
        }

        using var reader = new StreamReader(stream, Encoding.UTF8);
        try
        {
            return await reader.ReadToEndAsync();
        }
        catch (IOException) when (breakOff)
        {
            return "";
        }
    }
}
