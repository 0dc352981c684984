using System.Net.Http.Json;
using System.Text.Json;
using TokenKit.SampleHost.Tests.Hosting;

namespace TokenKit.SampleHost.Tests;

/// <summary>Streams of the Canvus set on sample hosts, which are processes of their own.</summary>
[TestClass]
public sealed class StreamTests(TestContext context)
{
    private const long MostAddedMemory = 150_000_000;
    private const string Tokens = "api/v1/users/1001/access-tokens";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [TestMethod]
    public async Task Stream_OfOneProcess_SaysWhatAnotherChangesAndEndsWithItsCaller()
    {
        using var folder = new SampleFolder();
        await using SampleProcess here = await SampleProcess.StartAsync(folder, "here.json");
        await using SampleProcess elsewhere = await SampleProcess.StartAsync(folder, "elsewhere.json");
        string credential = elsewhere.Credential(1001, "canvus");
        using HttpClient http = ClientOf(here, credential);
        using HttpClient other = ClientOf(elsewhere, credential);
        using var lines = new StreamReader(await http.GetStreamAsync($"{Tokens}?subscribe"));
        string own = JsonElement.Parse((await NextAsync(lines))!)[0].GetProperty("id").GetString()!;

        (await other.PostAsJsonAsync(Tokens, new { description = "of another process" })).EnsureSuccessStatusCode();
        var said = JsonElement.Parse((await NextAsync(lines))!);
        (await other.DeleteAsync($"{Tokens}/{own}")).EnsureSuccessStatusCode();

        Assert.AreEqual("of another process", said[0].GetProperty("description").GetString());
        Assert.AreEqual("normal", said[0].GetProperty("state").GetString());
        Assert.IsNull(await NextAsync(lines), "The caller's token is revoked.");
    }

    [TestMethod]
    public async Task Streams_ByTheHundred_AllSayEveryChange()
    {
        const int streams = 200;
        const int changes = 5;
        using var folder = new SampleFolder();
        await using SampleProcess host = await SampleProcess.StartAsync(folder);

        StreamFigures figures = await StreamLoad.RunAsync(host, streams, changes, TimeSpan.Zero);

        context.WriteLine($"{figures}");
        Assert.AreEqual(streams, figures.Open);
        Assert.AreEqual(streams * changes, figures.Delivered);
        Assert.IsLessThan(MostAddedMemory, figures.AddedMemory);
    }

    [TestMethod]
    public async Task Streams_AThousandForAMinute_SayEveryChangeWithinASecond()
    {
        if (Environment.GetEnvironmentVariable("TOKENKIT_STREAM_LOAD") != "1")
        {
            Assert.Inconclusive("It takes a minute and a machine for itself: set TOKENKIT_STREAM_LOAD=1 to run it.");
        }

        const int streams = 1000;
        const int changes = 60;
        using var folder = new SampleFolder();
        await using SampleProcess host = await SampleProcess.StartAsync(folder, more: ["--streams", $"{streams}"]);

        StreamFigures figures = await StreamLoad.RunAsync(host, streams, changes, TimeSpan.FromSeconds(1));

        context.WriteLine($"{figures}");
        Assert.AreEqual(streams, figures.Open);
        Assert.AreEqual(streams * changes, figures.Delivered);
        Assert.IsLessThan(TimeSpan.FromSeconds(1), figures.Delays[^1]);
        Assert.IsLessThan(MostAddedMemory, figures.AddedMemory);
    }

    private static HttpClient ClientOf(SampleProcess host, string credential) =>
        new() { BaseAddress = host.BaseUrl, DefaultRequestHeaders = { { "Private-Token", credential } } };

    /// <summary>The next line that says something; null when the stream has ended.</summary>
    private static async Task<string?> NextAsync(StreamReader lines)
    {
        string? line;
        do
        {
            line = await lines.ReadLineAsync().WaitAsync(Patience);
        }
        while (line is "");

        return line;
    }
}
