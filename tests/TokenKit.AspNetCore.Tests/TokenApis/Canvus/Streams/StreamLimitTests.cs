using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.TestKit;

namespace TokenKit.AspNetCore.Tests.TokenApis.Canvus.Streams;

/// <summary>One caller has at most as many streams as the host allows, and others do not notice.</summary>
[TestClass]
public sealed class StreamLimitTests
{
    [TestMethod]
    public async Task Caller_WithAsManyStreamsAsThereMayBe_OpensNoMore()
    {
        await using CanvusHost canvus = await StartAsync(most: 2);
        IssuedToken another = await canvus.IssueAsync("another of the user's", "1001");
        using OpenStream list = await canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1001"));
        OpenStream single = await canvus.SubscribeAsync(another, CanvusHost.PathOf("1001", TokenIdText.Write(another.Record.Id)));
        await list.ReadLineAsync();
        await single.ReadLineAsync();

        foreach (IssuedToken token in new[] { canvus.User, another })
        {
            foreach (string path in new[] { CanvusHost.PathOf("1001"), CanvusHost.PathOf("1001", TokenIdText.Write(token.Record.Id)) })
            {
                Answer refused = await canvus.SendAsync(token, "GET", path + "?subscribe");
                Assert.AreEqual("""429 {"msg":"There are as many streams as there may be"}""", refused.ToString());
                Assert.AreEqual(200, (await canvus.SendAsync(token, "GET", path)).Status, "A plain list is no stream.");
            }
        }

        using OpenStream administrators = await canvus.SubscribeAsync(canvus.Administrator, CanvusHost.PathOf("1001"));
        Assert.AreEqual(200, (int)administrators.Response.StatusCode);

        // One that is closed makes room, once the server has noticed.
        single.Dispose();
        await canvus.IssueAsync("new", "1001");
        await CanvusHost.UntilAsync(() => OpensAsync(canvus));
    }

    [TestMethod]
    public async Task Stream_ThatIsRefused_LeavesRoomForOthers()
    {
        await using CanvusHost canvus = await StartAsync(most: 1);
        for (int i = 0; i < 3; i++)
        {
            canvus.Host.Store.IsDown = true;
            Assert.AreEqual(503, (await canvus.SendAsync(canvus.User, "GET", CanvusHost.PathOf("1001") + "?subscribe")).Status);
            canvus.Host.Store.IsDown = false;
            Assert.AreEqual(404, (await canvus.SendAsync(canvus.User, "GET", CanvusHost.PathOf("1001", "x") + "?subscribe")).Status);
        }

        await CanvusHost.UntilAsync(() => OpensAsync(canvus));
    }

    [TestMethod]
    public async Task Caller_OfAHostWithoutALimit_OpensAnyNumber()
    {
        await using CanvusHost canvus = await StartAsync(most: null);
        List<OpenStream> streams = [.. await Task.WhenAll(Enumerable.Range(0, 120).Select(_ => canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1001"))))];

        Assert.IsTrue(streams.All(static stream => (int)stream.Response.StatusCode == 200));
        streams.ForEach(static stream => stream.Dispose());
    }

    [TestMethod]
    public void Limit_ThatTheHostDoesNotSet_IsThatOfThePage() => Assert.AreEqual(100, new CanvusStreamOptions().MaximumPerCaller);

    [TestMethod]
    public async Task Limit_BelowOne_StopsTheHostFromStarting()
    {
        OptionsValidationException exception = await Assert.ThrowsExactlyAsync<OptionsValidationException>(() => StartAsync(most: 0));
        Assert.Contains("MaximumPerCaller", exception.Message);
    }

    private static Task<CanvusHost> StartAsync(int? most) => CanvusHost.StartAsync(services =>
        services.AddTokenKit().AddCanvusTokens(CanvusHost.Realm, canvus => canvus.Streams.MaximumPerCaller = most));

    private static async Task<bool> OpensAsync(CanvusHost canvus)
    {
        using OpenStream stream = await canvus.SubscribeAsync(canvus.User, CanvusHost.PathOf("1001"));
        return (int)stream.Response.StatusCode == 200;
    }
}
