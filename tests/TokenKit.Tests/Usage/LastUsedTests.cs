using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TokenKit.Stores;
using TokenKit.TestKit;
using TokenKit.Usage;

namespace TokenKit.Tests.Usage;

[TestClass]
public sealed class LastUsedTests
{
    [TestMethod]
    public async Task Use_Token_IsShownAtOnceAndWrittenLater()
    {
        await using TestNode kit = await TestNode.StartAsync();
        IssueResult.Issued issued = await kit.IssueAsync();
        kit.Clock.Advance(TimeSpan.FromMinutes(5));
        DateTimeOffset usedAt = kit.Clock.GetUtcNow();

        await kit.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal());

        Assert.AreEqual(usedAt, (await FindAsync(kit, issued.Token.Id)).LastUsedAt);
        Assert.AreEqual(usedAt, (await kit.Tokens.ListAsync(new TokenQuery(TestNode.Realm, SubjectFilter.Is("1000")))).Tokens[0].LastUsedAt);
        Assert.IsNull((await kit.Store.FindAsync(issued.Token.Id, CancellationToken.None))!.LastUsedAt);
        await Tracker(kit).FlushAsync(CancellationToken.None);
        StoredToken row = (await kit.Store.FindAsync(issued.Token.Id, CancellationToken.None))!;
        Assert.AreEqual(usedAt, row.LastUsedAt);
        Assert.AreEqual(1, row.Version);
        Assert.AreEqual(row.CreatedAt, row.UpdatedAt);
    }

    [TestMethod]
    public async Task Use_WhileTheStoreIsDown_IsWrittenWhenItIsBack()
    {
        await using TestNode kit = await TestNode.StartAsync();
        IssueResult.Issued issued = await kit.IssueAsync();
        await kit.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal());
        kit.Store.IsDown = true;
        await Tracker(kit).FlushAsync(CancellationToken.None);
        kit.Store.IsDown = false;
        Assert.IsNull((await kit.Store.FindAsync(issued.Token.Id, CancellationToken.None))!.LastUsedAt);
        await Tracker(kit).FlushAsync(CancellationToken.None);
        Assert.IsNotNull((await kit.Store.FindAsync(issued.Token.Id, CancellationToken.None))!.LastUsedAt);
    }

    [TestMethod]
    public async Task Use_StoreIsReadOnly_IsSaidOnceUntilItCanBeWritten()
    {
        await using TestNode kit = await TestNode.StartAsync();
        IssueResult.Issued issued = await kit.IssueAsync();
        for (int outage = 1; outage <= 2; outage++)
        {
            kit.Store.IsReadOnly = true;
            for (int i = 0; i < 3; i++)
            {
                kit.Clock.Advance(TimeSpan.FromSeconds(1));
                Assert.IsInstanceOfType<VerificationResult.Valid>(await kit.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal()));
                await Tracker(kit).FlushAsync(CancellationToken.None);
            }

            Assert.AreEqual(outage, kit.Logs.Lines.Count(line => line.StartsWith("300 ", StringComparison.Ordinal)));
            kit.Store.IsReadOnly = false;
            await Tracker(kit).FlushAsync(CancellationToken.None);
            Assert.AreEqual(kit.Clock.GetUtcNow(), (await kit.Store.FindAsync(issued.Token.Id, CancellationToken.None))!.LastUsedAt);
        }

        Assert.AreEqual(0, kit.Meter.Count("tokenkit.last_used.dropped"));
    }

    [TestMethod]
    public async Task Use_HotTokens_AreOneWriteEachPerFlush()
    {
        await using TestNode kit = await TestNode.StartAsync();
        var written = new List<int>();
        List<string> texts = [];
        for (int i = 0; i < 10; i++)
        {
            texts.Add((await kit.IssueAsync(name: $"{i}")).Plaintext.Reveal());
        }

        kit.Store.BeforeBatch = batch => written.Add(((TokenBatch.Touch)batch).Uses.Count);
        for (int i = 0; i < 1000; i++)
        {
            kit.Clock.Advance(TimeSpan.FromMilliseconds(1));
            await kit.Tokens.VerifyAsync(TestNode.Realm, texts[i % texts.Count]);
        }

        await Tracker(kit).FlushAsync(CancellationToken.None);
        await Tracker(kit).FlushAsync(CancellationToken.None);
        CollectionAssert.AreEqual(new[] { 10 }, written);
    }

    [TestMethod]
    public async Task Use_HostStops_IsWritten()
    {
        var store = new InMemoryTokenStore();
        Guid id;
        await using (TestNode kit = await TestNode.StartAsync(store: store))
        {
            IssueResult.Issued issued = await kit.IssueAsync();
            id = issued.Token.Id;
            await kit.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal());
        }

        Assert.IsNotNull((await store.FindAsync(id, CancellationToken.None))!.LastUsedAt);
    }

    [TestMethod]
    public async Task Use_MoreTokensThanTheBufferHolds_AreDroppedAndCounted()
    {
        await using TestNode kit = await TestNode.StartAsync(configure: builder => builder.ConfigureLastUsed(options => options.BufferLimit = 2));
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < 5; i++)
            {
                IssueResult.Issued issued = await kit.IssueAsync(name: $"{i}");
                await kit.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal());
                await kit.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal());
            }

            Assert.AreEqual(6 * (round + 1), kit.Meter.Count("tokenkit.last_used.dropped"));
            await Tracker(kit).FlushAsync(CancellationToken.None);
        }
    }

    [TestMethod]
    public async Task Use_TurnedOff_WritesNothing()
    {
        await using TestNode kit = await TestNode.StartAsync(configure: builder => builder.ConfigureLastUsed(options => options.Enabled = false));
        IssueResult.Issued issued = await kit.IssueAsync();
        await kit.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal());
        await Tracker(kit).FlushAsync(CancellationToken.None);
        Assert.IsNull((await FindAsync(kit, issued.Token.Id)).LastUsedAt);
    }

    [TestMethod]
    public async Task Use_DuringAFlush_IsWrittenByTheNext()
    {
        await using TestNode kit = await TestNode.StartAsync();
        IssueResult.Issued issued = await kit.IssueAsync();
        await kit.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal());
        DateTimeOffset later = kit.Clock.GetUtcNow().AddSeconds(1);
        kit.Store.AfterBatch = () => Tracker(kit).Record(issued.Token.Id, later);

        await Tracker(kit).FlushAsync(CancellationToken.None);
        Assert.AreEqual(later, (await FindAsync(kit, issued.Token.Id)).LastUsedAt);
        kit.Store.AfterBatch = null;
        await Tracker(kit).FlushAsync(CancellationToken.None);
        Assert.AreEqual(later, (await kit.Store.FindAsync(issued.Token.Id, CancellationToken.None))!.LastUsedAt);
    }

    [TestMethod]
    public async Task Use_AgainAndAgain_IsShownToTheSecond()
    {
        await using TestNode kit = await TestNode.StartAsync();
        IssueResult.Issued issued = await kit.IssueAsync();
        DateTimeOffset first = kit.Clock.GetUtcNow();
        for (int i = 0; i < 19; i++)
        {
            await kit.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal());
            kit.Clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.AreEqual(first.AddSeconds(1), (await FindAsync(kit, issued.Token.Id)).LastUsedAt);
    }

    [TestMethod]
    public async Task Use_StoreThatThrowsAnything_StopsNothing()
    {
        await using TestNode kit = await TestNode.StartAsync();
        IssueResult.Issued issued = await kit.IssueAsync();
        await kit.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal());
        foreach (Exception exception in new Exception[] { new InvalidOperationException(), new OperationCanceledException() })
        {
            kit.Store.AfterBatch = () => throw exception;
            await Tracker(kit).FlushAsync(CancellationToken.None);
        }

        kit.Store.AfterBatch = null;
        await Tracker(kit).FlushAsync(CancellationToken.None);
        Assert.IsNotNull((await kit.Store.FindAsync(issued.Token.Id, CancellationToken.None))!.LastUsedAt);
    }

    [TestMethod]
    public async Task Use_WhileOtherServicesStop_IsWritten()
    {
        var store = new InMemoryTokenStore();
        Guid id;
        await using (TestNode kit = await TestNode.StartAsync(store: store))
        {
            IssueResult.Issued issued = await kit.IssueAsync();
            id = issued.Token.Id;

            // What the tracker itself does when it stops is not the end yet.
            await Tracker(kit).StopAsync(CancellationToken.None);
            await kit.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal());
        }

        Assert.IsNotNull((await store.FindAsync(id, CancellationToken.None))!.LastUsedAt);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task Use_ThatCannotBeWrittenWhenTheHostStops_IsCountedAndFailsNothing(bool storeIsDown)
    {
        await using TestNode kit = await TestNode.StartAsync();
        IssueResult.Issued issued = await kit.IssueAsync();
        await kit.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal());
        kit.Store.IsDown = storeIsDown;

        // Cancelled, as when open streams kept the web server for all of the time that a host has to stop.
        await kit.Services.GetRequiredService<IHost>().StopAsync(new CancellationToken(canceled: !storeIsDown));

        Assert.AreEqual(1, kit.Meter.Count("tokenkit.last_used.dropped"));
    }

    private static LastUsedTracker Tracker(TestNode kit) => kit.Services.GetRequiredService<LastUsedTracker>();

    private static async Task<ApiToken> FindAsync(TestNode kit, Guid id) => (await kit.Tokens.FindAsync(TestNode.Realm, id, SubjectFilter.Any))!;
}
