using TokenKit.SampleHost.Tests.Hosting;

namespace TokenKit.SampleHost.Tests;

/// <summary>Many streams of the Canvus set on one sample host, which is a process of its own.</summary>
[TestClass]
public sealed class StreamTests(TestContext context)
{
    private const long MostAddedMemory = 150_000_000;

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
        await using SampleProcess host = await SampleProcess.StartAsync(folder);

        StreamFigures figures = await StreamLoad.RunAsync(host, streams, changes, TimeSpan.FromSeconds(1));

        context.WriteLine($"{figures}");
        Assert.AreEqual(streams, figures.Open);
        Assert.AreEqual(streams * changes, figures.Delivered);
        Assert.IsLessThan(TimeSpan.FromSeconds(1), figures.Delays[^1]);
        Assert.IsLessThan(MostAddedMemory, figures.AddedMemory);
    }
}
