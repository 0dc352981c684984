using System.Diagnostics;
using System.Net;
using TokenKit.SampleHost.Tests.Hosting;

namespace TokenKit.SampleHost.Tests;

[TestClass]
public sealed class BootstrapTests
{
    [TestMethod]
    public async Task Start_Again_IssuesFreshCredentialsAndRevokesTheFormer()
    {
        using var folder = new SampleFolder();
        string[] former;
        string kept;
        await using (SampleProcess host = await SampleProcess.StartAsync(folder))
        {
            former = [host.Credential(1000), host.Credential(1001)];
            using var client = new AccessTokensClient(host.Client(former[1]));
            kept = (await client.CreateAsync("Mine")).Plaintext;
        }

        await using SampleProcess again = await SampleProcess.StartAsync(folder);
        await WaitForAsync(async () => await again.UseAsync(former[0]) == HttpStatusCode.Unauthorized && await again.UseAsync(former[1]) == HttpStatusCode.Unauthorized);
        Assert.AreEqual(HttpStatusCode.OK, await again.UseAsync(again.Credential(1000)));
        Assert.AreEqual(HttpStatusCode.OK, await again.UseAsync(again.Credential(1001)));
        Assert.AreEqual(HttpStatusCode.OK, await again.UseAsync(kept));
    }

    [TestMethod]
    public async Task BootstrapFile_IsForItsOwnerOnlyAndNothingElseShowsACredential()
    {
        using var folder = new SampleFolder();
        await using SampleProcess host = await SampleProcess.StartAsync(folder);
        string credential = host.Credential(1000);
        await host.UseAsync(credential);
        await WaitForAsync(() => Task.FromResult(host.Output.Contains("exclude_current", StringComparison.Ordinal)));

        if (!OperatingSystem.IsWindows())
        {
            Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder.Path, "bootstrap.json")));
        }

        Assert.DoesNotContain(credential, host.Output);
        Assert.DoesNotContain(host.Credential(1001), host.Output);
        byte[] database = await File.ReadAllBytesAsync(folder.Database);
        Assert.AreEqual(-1, database.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(credential)));
        Assert.IsEmpty(Directory.GetFiles(folder.Path, "*.tmp"));
    }

    [TestMethod]
    public async Task CurlLines_Pasted_Work()
    {
        if (!File.Exists("/bin/bash") || !IsOnPath("curl") || !IsOnPath("jq"))
        {
            if (Environment.GetEnvironmentVariable("TOKENKIT_REQUIRE_CURL") == "1")
            {
                Assert.Fail("bash, curl and jq are demanded, and one of them is missing.");
            }

            Assert.Inconclusive("bash, curl or jq is not on this machine.");
        }

        using var folder = new SampleFolder();
        await using SampleProcess host = await SampleProcess.StartAsync(folder);
        await WaitForAsync(() => Task.FromResult(host.Output.Contains("exclude_current", StringComparison.Ordinal)));
        string[] lines = [.. host.Output.Split('\n').Where(line => line.StartsWith("TOKEN=", StringComparison.Ordinal) || line.StartsWith("curl ", StringComparison.Ordinal))];
        Assert.HasCount(5, lines);

        var start = new ProcessStartInfo("/bin/bash") { ArgumentList = { "-euo", "pipefail", "-c", string.Join("\necho\n", lines.Select(line => line.Replace("curl -sS", "curl -sS --fail-with-body", StringComparison.Ordinal))) }, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process bash = Process.Start(start)!;
        Task<string> output = bash.StandardOutput.ReadToEndAsync();
        string errors = await bash.StandardError.ReadToEndAsync();
        await bash.WaitForExitAsync();

        Assert.AreEqual(0, bash.ExitCode, errors + await output);
        Assert.Contains("1000", await output);
        Assert.Contains("\"plaintext\"", await output);
        Assert.Contains("\"revokedCount\":1", await output);
    }

    private static bool IsOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task WaitForAsync(Func<Task<bool>> condition)
    {
        for (var waited = Stopwatch.StartNew(); !await condition(); await Task.Delay(20))
        {
            Assert.IsLessThan(TimeSpan.FromSeconds(30), waited.Elapsed);
        }
    }
}
