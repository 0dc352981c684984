using System.Net.Sockets;
using System.Text;
using TokenKit.SampleHost.Tests.Hosting;

namespace TokenKit.SampleHost.Tests;

/// <summary>One published API has its credential in the URL, and no log of the sample holds it, however much is logged.</summary>
[TestClass]
public sealed class LoggingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [TestMethod]
    [DataRow("GET /apitoken/get_all?token={0} HTTP/1.1", "200 OK", DisplayName = "as it should be")]
    [DataRow("GET  /apitoken/get_all?token={0} HTTP/1.1", "400 Bad Request", DisplayName = "two spaces")]
    [DataRow("GET /apitoken/get_all?token={0} x HTTP/1.1", "400 Bad Request", DisplayName = "one space too many")]
    [DataRow("GET /apitoken/get_all?é&token={0} HTTP/1.1", "400 Bad Request", DisplayName = "a byte beyond ASCII")]
    [DataRow("GET http:///apitoken/get_all?token={0} HTTP/1.1", "400 Bad Request", DisplayName = "a broken absolute form")]
    public async Task CredentialInAUrl_IsInNoLineOfTheLog(string requestLine, string status)
    {
        using var folder = new SampleFolder();
        await using SampleProcess host = await SampleProcess.StartAsync(folder, more: ["--Logging:LogLevel:Default", "Trace", "--Logging:LogLevel:Microsoft.AspNetCore", "Trace"]);
        string token = host.Credential(1001, "amove");

        string answer = await SendAsync(host, string.Format(null, requestLine, token));

        Assert.StartsWith($"HTTP/1.1 {status}", answer);
        for (long start = Environment.TickCount64; !host.Output.Contains("Connection id \"", StringComparison.Ordinal); await Task.Delay(20))
        {
            Assert.IsLessThan((long)Patience.TotalMilliseconds, Environment.TickCount64 - start, "The host logs what its server does.");
        }

        string[] telling = [.. host.Output.Split('\n').Where(line => line.Contains(token[8..28], StringComparison.Ordinal))];
        Assert.AreEqual("", string.Join('\n', telling));
    }

    private static async Task<string> SendAsync(SampleProcess host, string requestLine)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host.BaseUrl.Host, host.BaseUrl.Port);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"{requestLine}\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync().WaitAsync(Patience);
    }
}
