using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using TokenKit.SampleHost.Tests.Hosting;

namespace TokenKit.SampleHost.Tests;

[TestClass]
public sealed class BootstrapTests
{
    private static readonly string[] Keys = ["amove", "canvus", "jwt", "query", "virtuousai"];

    [TestMethod]
    public async Task Start_Again_IssuesFreshCredentialsAndRevokesTheFormer()
    {
        using var folder = new SampleFolder();
        ILookup<string, string> former;
        string kept;
        await using (SampleProcess host = await SampleProcess.StartAsync(folder))
        {
            former = host.Credentials;
            CollectionAssert.AreEquivalent(Keys, former.Select(key => key.Key).ToArray());
            CollectionAssert.AreEqual(new[] { 2, 2, 2, 1, 2 }, Keys.Select(key => former[key].Count()).ToArray());
            await AssertAllAsync(host, former, HttpStatusCode.OK);
            using var client = new AccessTokensClient(host.Client(host.Credential(1001)));
            kept = (await client.CreateAsync("Mine")).Plaintext;
        }

        await using SampleProcess again = await SampleProcess.StartAsync(folder);
        await AssertAllAsync(again, again.Credentials, HttpStatusCode.OK);
        await WaitForAsync(async () => await again.UseAsync("amove", former["amove"].Last()) == HttpStatusCode.Unauthorized
            && await again.UseAsync("virtuousai", former["virtuousai"].Last()) == HttpStatusCode.Unauthorized);
        Assert.AreEqual(HttpStatusCode.OK, await again.UseAsync(kept));
        foreach (string key in Keys.Except(["jwt"]))
        {
            foreach (string credential in former[key])
            {
                Assert.AreEqual(HttpStatusCode.Unauthorized, await again.UseAsync(key, credential), key);
            }
        }

        // Nothing can revoke a JWT. It goes on to be accepted, because its key was kept.
        Assert.AreEqual(HttpStatusCode.OK, await again.UseAsync("jwt", former["jwt"].First()));
    }

    [TestMethod]
    public async Task Start_AfterAKill_StillShowsValuesAgain()
    {
        using var folder = new SampleFolder();
        string value;
        await using (SampleProcess host = await SampleProcess.StartAsync(folder))
        {
            using var client = new HttpClient { BaseAddress = host.BaseUrl };
            using HttpResponseMessage response = await client.PostAsJsonAsync(
                $"/apitoken/insert?token={host.Credential(1001, "jwt")}", new { title = "Mine" });
            value = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;
            await host.KillAsync();
        }

        await using SampleProcess again = await SampleProcess.StartAsync(folder);
        using var http = new HttpClient { BaseAddress = again.BaseUrl };
        JsonElement listed = await http.GetFromJsonAsync<JsonElement>($"/apitoken/get_all?token={again.Credential(1001, "jwt")}");
        JsonElement mine = listed.EnumerateArray().Single(token => token.GetProperty("title").GetString() == "Mine");
        Assert.AreEqual(value, mine.GetProperty("token").GetString());
    }

    [TestMethod]
    public async Task Start_OfTwoAtOnceOnAFreshDatabase_GivesBothOneKey()
    {
        using var folder = new SampleFolder();
        SampleProcess[] hosts = await Task.WhenAll(
            SampleProcess.StartAsync(folder, "first.json"),
            SampleProcess.StartAsync(folder, "second.json"));
        await using SampleProcess first = hosts[0];
        await using SampleProcess second = hosts[1];

        Assert.AreEqual(HttpStatusCode.OK, await first.UseAsync("jwt", second.Credential(1000, "jwt")));
        Assert.AreEqual(HttpStatusCode.OK, await second.UseAsync("jwt", first.Credential(1000, "jwt")));
        Assert.IsEmpty(Directory.GetFiles(folder.Path, "*.tmp"));
    }

    [TestMethod]
    public async Task Kill_AtAnyMomentOfTheFirstStart_LeavesNothingHalfWritten()
    {
        foreach (string sign in new[] { "*.db", "*.db.keys", "*.tmp", "*.jwt-key", "bootstrap.json*" })
        {
            using var folder = new SampleFolder();
            using (Process starting = SampleProcess.Launch(folder, Path.Combine(folder.Path, "bootstrap.json")))
            {
                // What there is for a moment only may never be seen; then it is killed a little later.
                var waited = Stopwatch.StartNew();
                while (Directory.GetFileSystemEntries(folder.Path, sign).Length == 0 && !File.Exists(Path.Combine(folder.Path, "bootstrap.json")))
                {
                    Assert.IsLessThan(TimeSpan.FromSeconds(60), waited.Elapsed);
                }

                starting.Kill();
                await starting.WaitForExitAsync();
            }

            Assert.IsTrue(!File.Exists(folder.JwtKey) || new FileInfo(folder.JwtKey).Length == 32, sign);
            await using SampleProcess host = await SampleProcess.StartAsync(folder);
            await AssertAllAsync(host, host.Credentials, HttpStatusCode.OK);
        }
    }

    [TestMethod]
    public async Task Files_AreForTheirOwnerOnlyAndNothingElseShowsACredential()
    {
        using var folder = new SampleFolder();
        await using SampleProcess host = await SampleProcess.StartAsync(folder, more: ["--Logging:LogLevel:Default", "Trace"]);
        await AssertAllAsync(host, host.Credentials, HttpStatusCode.OK);
        string wrong = host.Credential(1000, "jwt")[..^4];
        Assert.AreEqual(HttpStatusCode.Unauthorized, await host.UseAsync("jwt", wrong));
        await WaitForAsync(() => Task.FromResult(host.Output.Contains("Application started", StringComparison.Ordinal)));

        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode readAndWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            Assert.AreEqual(readAndWrite, File.GetUnixFileMode(Path.Combine(folder.Path, "bootstrap.json")));
            Assert.AreEqual(readAndWrite, File.GetUnixFileMode(folder.JwtKey));
            Assert.AreEqual(readAndWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.KeyRing));
        }

        // The log is as long as a host can be made to write it.
        Assert.Contains("dbug: ", host.Output);
        byte[] database = [.. await File.ReadAllBytesAsync(folder.Database), .. await File.ReadAllBytesAsync($"{folder.Database}-wal")];
        string key = Convert.ToBase64String(await File.ReadAllBytesAsync(folder.JwtKey));
        foreach (string credential in host.Credentials.SelectMany(values => values).Append(wrong).Append(key))
        {
            Assert.DoesNotContain(credential, host.Output);
            Assert.AreEqual(-1, database.AsSpan().IndexOf(Encoding.ASCII.GetBytes(credential)));
        }

        Assert.IsEmpty(Directory.GetFiles(folder.Path, "*.tmp"));
    }

    private static async Task AssertAllAsync(SampleProcess host, ILookup<string, string> credentials, HttpStatusCode expected)
    {
        foreach (IGrouping<string, string> key in credentials)
        {
            foreach (string credential in key)
            {
                Assert.AreEqual(expected, await host.UseAsync(key.Key, credential), key.Key);
            }
        }
    }

    private static async Task WaitForAsync(Func<Task<bool>> condition)
    {
        for (var waited = Stopwatch.StartNew(); !await condition(); await Task.Delay(20))
        {
            Assert.IsLessThan(TimeSpan.FromSeconds(30), waited.Elapsed);
        }
    }
}
