using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis.Canvus.Streams;

/// <summary>What streams say.</summary>
[TestClass]
public sealed class StreamTests
{
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    [TestMethod]
    public async Task ListStream_WhenItOpens_SaysTheWholeListOnOneLine()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();
        await canvus.CreateAsync("two\\nlines");

        using OpenStream stream = await canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1001"));

        Assert.AreEqual("user's:normal two\nlines:normal", await stream.ReadStatesAsync());
        Assert.AreEqual((200, "application/json", "no-cache"), (stream.Response.Status(), stream.Response.Content.Headers.ContentType?.ToString(), stream.Response.CacheControl()));
        Assert.IsTrue(stream.Response.Headers.TransferEncodingChunked);
    }

    [TestMethod]
    public async Task ListStream_OfAUserWithoutTokens_SaysAnEmptyArray()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();
        using OpenStream stream = await canvus.SubscribeAsync(canvus.Administrator, CanvusHost.PathOf("1002"));
        Assert.AreEqual("[]", await stream.ReadLineAsync());
    }

    [TestMethod]
    public async Task ListStream_OnChangesOfThisProcess_SaysEachAtOnceAsAnArray()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(Never);
        using OpenStream stream = await canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1001"));
        await stream.ReadLineAsync();

        string id = await canvus.CreateAsync("new");
        Assert.AreEqual("new:normal", await stream.ReadStatesAsync());
        await canvus.SendAsync(canvus.Administrator, "PATCH", CanvusHost.PathOf("1001", id), """{"description":"newer"}""");
        JsonElement changed = await stream.ReadAsync();
        Assert.AreEqual("newer:normal", OpenStream.StateOf(changed[0]));
        Assert.AreEqual("created_at,description,id,state", string.Join(',', changed[0].EnumerateObject().Select(member => member.Name)));
        await canvus.SendAsync("DELETE", CanvusHost.PathOf("1001", id));
        Assert.AreEqual("newer:deleted", await stream.ReadStatesAsync());
    }

    [TestMethod]
    public async Task SingleStream_FromOpenToDeletion_SaysBareObjectsAndEnds()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(Never);
        string path = CanvusHost.PathOf("1001", await canvus.CreateAsync("new"));
        using OpenStream stream = await canvus.SubscribeAsync(canvus.User, path);

        Assert.AreEqual("new:normal", OpenStream.StateOf(await stream.ReadAsync()));
        await canvus.CreateAsync("another");
        await canvus.SendAsync("PATCH", path, """{"description":"newer"}""");
        Assert.AreEqual("newer:normal", OpenStream.StateOf(await stream.ReadAsync()));
        await canvus.SendAsync("DELETE", path);
        Assert.AreEqual("newer:deleted", OpenStream.StateOf(await stream.ReadAsync()));
        Assert.IsNull(await stream.ReadLineAsync());
    }

    [TestMethod]
    public async Task Stream_OnChangesOfThisProcess_SaysThemWithin100Milliseconds()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(Never);
        using OpenStream stream = await canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1001"));
        await stream.ReadLineAsync();
        List<TimeSpan> delays = [];
        for (int i = 0; i < 10; i++)
        {
            await canvus.IssueAsync("t", "1001");
            long answered = Stopwatch.GetTimestamp();
            await stream.ReadLineAsync();
            delays.Add(Stopwatch.GetElapsedTime(answered));
        }

        // The best of ten: a machine that is busy with something else says nothing about the stream.
        Assert.IsLessThan(100, delays.Min().TotalMilliseconds);
    }

    [TestMethod]
    public async Task Stream_OnChangesOfAnotherHost_SaysThemAfterThePollInterval()
    {
        var store = new FaultyStore();
        await using CanvusHost canvus = await CanvusHost.StartAsync(Soon, store: store);
        await using CanvusHost other = await CanvusHost.StartAsync(Never, store: store);
        using OpenStream list = await canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1001"));
        await list.ReadLineAsync();

        string id = await other.CreateAsync("new");
        Assert.AreEqual("new:normal", await list.ReadStatesAsync());
        using OpenStream single = await canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1001", id));
        await single.ReadLineAsync();
        await other.SendAsync("DELETE", CanvusHost.PathOf("1001", id));
        Assert.AreEqual("new:deleted", await list.ReadStatesAsync());
        Assert.AreEqual("new:deleted", OpenStream.StateOf(await single.ReadAsync()));
    }

    [TestMethod]
    public async Task Stream_OnChangesThatConcernOthers_SaysNothing()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(Soon, services: services => services.AddTokenKit().AddRealm(CanvusHost.Realm, realm => realm.AddKind("login")));
        using OpenStream stream = await canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1001"));
        await stream.ReadLineAsync();

        await canvus.IssueAsync("another user's", "1002");
        await canvus.IssueAsync("another kind", "1001", kind: "login");
        await canvus.CreateAsync("last");

        Assert.AreEqual("last:normal", await stream.ReadStatesAsync());
    }

    [TestMethod]
    public async Task Stream_InSilence_SaysEmptyLines()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(Never, keepAlive: Soon);
        using OpenStream stream = await canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1001"));
        await stream.ReadLineAsync();

        Assert.AreEqual("", await stream.ReadLineAsync());
        Assert.AreEqual("", await stream.ReadLineAsync());
    }

    [TestMethod]
    public async Task Frame_OnTheWire_EndsWithABareLineFeed()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync(Never, keepAlive: Soon);
        using OpenStream stream = await canvus.SubscribeAsync(canvus.Administrator, CanvusHost.PathOf("1002"));

        byte[] bytes = new byte[4];
        await (await stream.Response.Content.ReadAsStreamAsync()).ReadExactlyAsync(bytes);

        CollectionAssert.AreEqual("[]\n\n"u8.ToArray(), bytes);
    }

    [TestMethod]
    [DataRow("?subscribe", true)]
    [DataRow("?subscribe=", true)]
    [DataRow("?subscribe=1", true)]
    [DataRow("?subscribe=true", true)]
    [DataRow("?subscribe=banana", true)]
    [DataRow("?a=b&subscribe", true)]
    [DataRow("?subscribe=0", false)]
    [DataRow("?subscribe=false", false)]
    [DataRow("?subscribe=False", false)]
    [DataRow("?Subscribe", false)]
    [DataRow("?x=subscribe", false)]
    [DataRow("", false)]
    public async Task Subscribe_InTheQuery_IsAFlag(string query, bool streams)
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();
        foreach (string? token in new[] { null, TokenIdText.Write(canvus.User.Record.Id) })
        {
            using OpenStream stream = await OpenStream.OpenAsync(canvus.Host.Client, CanvusHost.PathOf("1001", token) + query, ("Private-Token", canvus.User.Plaintext));

            Assert.AreEqual(streams, (await stream.ReadLineAsync())!.Contains("\"state\":\"normal\"", StringComparison.Ordinal));
            Assert.AreEqual(streams, stream.Response.Content.Headers.ContentLength is null);
        }
    }

    [TestMethod]
    public async Task Stream_ThatMayNotOpen_AnswersAsAPlainRequest()
    {
        await using CanvusHost canvus = await CanvusHost.StartAsync();
        foreach ((string user, string? token, int expected) in new (string, string?, int)[]
        {
            ("me", null, 400), ("1002", null, 403), ("1002", "x", 403), ("1001", "x", 404), ("1001", TokenIdText.Write(canvus.Administrator.Record.Id), 404),
        })
        {
            Assert.AreEqual(expected, (await canvus.SendAsync("GET", CanvusHost.PathOf(user, token) + "?subscribe")).Status);
        }

        Assert.AreEqual(401, (await canvus.SendAsync("GET", CanvusHost.PathOf("1001") + "?subscribe", null, [])).Status);
        Assert.AreEqual(404, (await canvus.SendAsync(canvus.Administrator, "GET", CanvusHost.PathOf("9999") + "?subscribe")).Status);
        canvus.Host.Store.IsDown = true;
        Assert.AreEqual(503, (await canvus.SendAsync("GET", CanvusHost.PathOf("1001") + "?subscribe")).Status);
    }

    [TestMethod]
    public void Intervals_ThatTheHostDoesNotSet_AreThoseOfThePage()
    {
        var streams = new CanvusStreamOptions();

        Assert.AreEqual((2, 15, 10), (streams.PollInterval.TotalSeconds, streams.KeepAliveInterval.TotalSeconds, streams.WriteTimeout.TotalSeconds));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(99)]
    [DataRow(3_600_001)]
    public async Task Interval_OutsideItsRange_StopsTheHostFromStarting(int milliseconds)
    {
        foreach (Action<CanvusStreamOptions> set in new Action<CanvusStreamOptions>[]
        {
            streams => streams.PollInterval = TimeSpan.FromMilliseconds(milliseconds),
            streams => streams.KeepAliveInterval = TimeSpan.FromMilliseconds(milliseconds),
            streams => streams.WriteTimeout = TimeSpan.FromMilliseconds(milliseconds),
        })
        {
            OptionsValidationException exception = await Assert.ThrowsExactlyAsync<OptionsValidationException>(() =>
                CanvusHost.StartAsync(services => services.AddTokenKit().AddCanvusTokens(CanvusHost.Realm, canvus => set(canvus.Streams))));
            Assert.Contains("100 milliseconds to 1 hour", exception.Message);
        }
    }
}
