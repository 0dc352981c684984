using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using TokenKit.SampleHost.Tests.Hosting;

namespace TokenKit.SampleHost.Tests;

/// <summary>What the sample host shows to try, on its page and on the console.</summary>
[TestClass]
public sealed partial class StartPageTests
{
    [TestMethod]
    public async Task Page_LinesOfEverySet_WorkWhenPasted()
    {
        string bash = await ChildPrograms.BashAsync();
        using var folder = new SampleFolder();
        await using SampleProcess host = await SampleProcess.StartAsync(folder);
        string page = await PageAsync(host);
        (string Set, string Lines)[] sets =
        [
            .. SetOfLines().Matches(page).Select(match => (WebUtility.HtmlDecode(match.Groups[1].Value), WebUtility.HtmlDecode(match.Groups[2].Value))),
        ];
        CollectionAssert.AreEqual(
            new[] { "VirtuousAI: /api/v1/access-tokens", "Canvus: /api/v1/users/{id}/access-tokens", "Query: /_/token", "Amove: /apitoken" },
            sets.Select(set => set.Set).ToArray());
        Dictionary<string, string[]> expected = new()
        {
            ["VirtuousAI"] = ["1000", "\"items\":[", "\"plaintext\"", "\"revokedCount\":1"],
            ["Canvus"] = ["[{\"created_at\"", "\"Updated description\"", "\"state\":\"normal\"}]"],
            ["Query"] = ["\"name\":\"example\"", "\"write\":0", "{\"data\":[{\"token\":\"query_"],
            ["Amove"] = ["\"title\":\"CI pipeline\",\"token\":\"amove_"],
        };

        // Every line: an answer that says that something is wrong makes curl fail, and a line that fails ends the rest.
        await File.WriteAllTextAsync(Path.Combine(folder.Path, ".curlrc"), "fail-with-body\n");
        foreach ((string set, string lines) in sets)
        {
            Assert.IsGreaterThanOrEqualTo(5, lines.Split('\n').Length);
            ProgramRun run = await ChildPrograms.RunAsync(
                bash,
                ["-euo", "pipefail", "-c", lines.Replace("\n", "\necho\n", StringComparison.Ordinal)],
                new Dictionary<string, string> { ["CURL_HOME"] = folder.Path });

            Assert.AreEqual(0, run.ExitCode, $"{set}\n{run.Errors}{run.Output}");
            Assert.IsEmpty(run.Errors, set);
            foreach (string text in expected[set.Split(':')[0]])
            {
                Assert.Contains(text, run.Output, set);
            }
        }
    }

    [TestMethod]
    public async Task Console_ShowsTheLinesOfThePage()
    {
        using var folder = new SampleFolder();
        await using SampleProcess host = await SampleProcess.StartAsync(folder);
        string[] lines = [.. SetOfLines().Matches(await PageAsync(host)).SelectMany(match => WebUtility.HtmlDecode(match.Groups[2].Value).Split('\n'))];

        for (var waited = Stopwatch.StartNew(); !host.Output.Contains(lines[^1], StringComparison.Ordinal); await Task.Delay(20))
        {
            Assert.IsLessThan(TimeSpan.FromSeconds(30), waited.Elapsed);
        }

        foreach (string line in lines)
        {
            Assert.Contains(line, host.Output);
        }
    }

    [TestMethod]
    public async Task Page_ShowsNoCredential()
    {
        using var folder = new SampleFolder();
        await using SampleProcess host = await SampleProcess.StartAsync(folder);
        string page = WebUtility.HtmlDecode(await PageAsync(host));

        Assert.Contains(Path.Combine(folder.Path, "bootstrap.json"), page);
        foreach (string credential in host.Credentials.SelectMany(key => key))
        {
            Assert.DoesNotContain(credential, page);
        }
    }

    private static async Task<string> PageAsync(SampleProcess host)
    {
        using var client = new HttpClient();
        using HttpResponseMessage response = await client.GetAsync(host.BaseUrl);
        Assert.AreEqual("text/html", response.EnsureSuccessStatusCode().Content.Headers.ContentType?.MediaType);
        return await response.Content.ReadAsStringAsync();
    }

    [GeneratedRegex("<h2>(.*?)</h2>\n<pre>(.*?)</pre>", RegexOptions.Singleline)]
    private static partial Regex SetOfLines();
}
