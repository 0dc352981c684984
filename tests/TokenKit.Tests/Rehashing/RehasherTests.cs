using System.Text;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.Changes;
using TokenKit.Format;
using TokenKit.Hashing;
using TokenKit.Rehashing;
using TokenKit.StoreConformance;
using TokenKit.Stores;
using TokenKit.TestKit;

namespace TokenKit.Tests.Rehashing;

/// <summary>Rows of tokens in use are renewed behind the request, by a node that would make them otherwise.</summary>
[TestClass]
public sealed class RehasherTests
{
    private static readonly TimeSpan Hasty = TimeSpan.FromMilliseconds(10);

    [TestMethod]
    public async Task Use_WeakerHash_IsRenewedWithoutAnybodyNoticing()
    {
        await using TestNode before = await TestNode.StartAsync();
        IssueResult.Issued issued = await before.IssueAsync();
        StoredToken old = await RowAsync(before, issued);
        await using TestNode after = await StartAsync(before, Stronger());
        string text = issued.Plaintext.Reveal();
        List<LocalChange> told = [];
        using IDisposable listening = after.Services.GetRequiredService<LocalChanges>().Subscribe(told.Add);

        Assert.IsInstanceOfType<VerificationResult.Valid>(await after.Tokens.VerifyAsync(TestNode.Realm, text));
        StoredToken row = await WaitForAsync(after, issued, row => row.Secret.Hash != old.Secret.Hash);

        Assert.StartsWith("$quicker$", row.Secret.Hash);
        Assert.AreEqual((old.Version, old.UpdatedAt), (row.Version, row.UpdatedAt));
        CollectionAssert.AreEqual(old.Secret.Tag, row.Secret.Tag);
        Assert.IsInstanceOfType<VerificationResult.Valid>(await after.Tokens.VerifyAsync(TestNode.Realm, text));
        Assert.AreEqual(1, after.Hasher.Verifications);
        Assert.AreEqual(1, after.Meter.Count("tokenkit.hash.runs", "tokenkit.purpose=rehash"));
        await WaitAsync(() => after.Meter.Count("tokenkit.rehash.done") == 1);
        await WaitAsync(() => Upgrader(after).Queued == 0);
        Assert.IsEmpty(told);
    }

    [TestMethod]
    public async Task Use_RowFromBeforeTheRing_GetsVerifierAndKeepsItsHash()
    {
        await using TestNode before = await TestNode.StartAsync();
        IssueResult.Issued issued = await before.IssueAsync();
        StoredToken old = await RowAsync(before, issued);
        await using TestNode after = await StartAsync(before, KeyRings.With("k1"));
        await after.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal());

        StoredToken row = await WaitForAsync(after, issued, row => row.Secret.KeyId == "k1");

        Assert.AreEqual(old.Secret.Hash, row.Secret.Hash);
        CollectionAssert.AreNotEqual(old.Secret.Tag, row.Secret.Tag);
        await using TestNode later = await TestNode.StartAsync(configure: KeyRings.With("k1"), store: before.Store.Inner);
        Assert.IsInstanceOfType<VerificationResult.Valid>(await later.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal()));
        Assert.AreEqual(0, later.Hasher.Verifications);
    }

    [TestMethod]
    public async Task Use_RowOfAFormerKey_GetsTheCurrentOneWithoutAnyHash()
    {
        await using TestNode before = await TestNode.StartAsync(configure: KeyRings.With("k1"));
        IssueResult.Issued issued = await before.IssueAsync();
        await using TestNode after = await StartAsync(before, KeyRings.With("k2", "k1"));
        await after.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal());
        await WaitForAsync(after, issued, row => row.Secret.KeyId == "k2");
        Assert.AreEqual(0, after.Hasher.Verifications);
        Assert.AreEqual(0, after.Meter.Count("tokenkit.hash.runs"));

        // The old key may go now.
        await using TestNode later = await TestNode.StartAsync(configure: KeyRings.With("k2"), store: before.Store.Inner);
        Assert.IsInstanceOfType<VerificationResult.Valid>(await later.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal()));
        Assert.AreEqual(0, later.Hasher.Verifications);
    }

    [TestMethod]
    [DataRow("k2")]
    [DataRow(null)]
    public async Task Use_RowWhoseKeyIsGone_GetsATagThatCanBeReadAgain(string? newKey)
    {
        await using TestNode before = await TestNode.StartAsync(configure: KeyRings.With("k1"));
        IssueResult.Issued issued = await before.IssueAsync();
        await using TestNode after = await StartAsync(before, newKey is null ? _ => { } : KeyRings.With(newKey));
        await after.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal());
        StoredToken row = await WaitForAsync(after, issued, row => row.Secret.KeyId == newKey);

        Assert.AreEqual(newKey is null, row.Secret.Verifier is null);
        int before2 = after.Hasher.Verifications;
        await after.Tokens.VerifyAsync(TestNode.Realm, TokenText.Write("acme", issued.Token.Id, new byte[32]));
        Assert.AreEqual(before2, after.Hasher.Verifications);
    }

    [TestMethod]
    public async Task Use_ImportedToken_GetsAVerifierButNeverATag()
    {
        await using TestNode before = await TestNode.StartAsync();
        IssueResult.Issued issued = await before.IssueAsync();
        StoredToken row = await RowAsync(before, issued);
        await before.Tokens.DeleteAsync(TestNode.Realm, row.Id, SubjectFilter.Any);
        await before.Store.CommitAsync(new TokenChange.Issue(TimeProvider.System, row.WithSecret(secret => secret with { Tag = null }), TokenActor.Host), CancellationToken.None);

        await using TestNode after = await StartAsync(before, KeyRings.With("k1"));
        await after.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal());
        row = await WaitForAsync(after, issued, row => row.Secret.KeyId == "k1");
        Assert.IsNull(row.Secret.Tag);
        Assert.IsNotNull(row.Secret.Verifier);

        // Nor when the key is gone later.
        await using TestNode without = await StartAsync(before, _ => { });
        Assert.IsInstanceOfType<VerificationResult.Valid>(await without.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal()));
        row = await WaitForAsync(without, issued, row => row.Secret.KeyId is null);
        Assert.IsNull(row.Secret.Tag);
        Assert.IsNull(row.Secret.Verifier);
    }

    [TestMethod]
    public async Task Use_CurrentRow_QueuesNothing()
    {
        await using TestNode kit = await TestNode.StartAsync(configure: KeyRings.With("k1"));
        IssueResult.Issued issued = await kit.IssueAsync();
        await kit.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal());
        Assert.AreEqual(0, Upgrader(kit).Queued);
    }

    [TestMethod]
    public async Task Use_WithoutTheSecret_NeverRenews()
    {
        await using TestNode before = await TestNode.StartAsync(configure: KeyRings.With("k1"));
        IssueResult.Issued issued = await before.IssueAsync();
        await using TestNode after = await StartAsync(before, Stronger());
        await after.Tokens.VerifyAsync(TestNode.Realm, TokenText.Write("acme", issued.Token.Id, new byte[32]));
        Assert.AreEqual(1, after.Hasher.Verifications);
        Assert.AreEqual(0, Upgrader(after).Queued);
    }

    [TestMethod]
    public async Task Use_RehashesTurnedOff_ChangesNothing()
    {
        await using TestNode before = await TestNode.StartAsync();
        IssueResult.Issued issued = await before.IssueAsync();
        await using TestNode after = await TestNode.StartAsync(
            configure: builder =>
            {
                Stronger()(builder);
                builder.ConfigureRehashing(options => options.RowsPerSecond = 0);
            },
            store: before.Store.Inner);
        await after.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal());
        Assert.AreEqual(0, Upgrader(after).Queued);
    }

    [TestMethod]
    public async Task Use_GateBusy_RenewalWaitsAndVerificationsDoNot()
    {
        await using TestNode before = await TestNode.StartAsync();
        IssueResult.Issued[] issued = [await before.IssueAsync(), await before.IssueAsync(name: "other")];
        await using TestNode after = await StartAsync(before, builder =>
        {
            Stronger()(builder);
            builder.ConfigureHashing(options => options.MaximumConcurrency = 1);
        });
        HashingGate gate = after.Services.GetRequiredService<HashingGate>();
        await after.Tokens.VerifyAsync(TestNode.Realm, issued[0].Plaintext.Reveal());
        await WaitForAsync(after, issued[0], row => row.Secret.Hash.StartsWith("$quicker$", StringComparison.Ordinal));

        // The only permit is taken: the row of the second token stays, however often its renewal is tried.
        using var release = new ManualResetEventSlim();
        Assert.IsTrue(gate.TryRunIdle(stopping => release.Wait(TimeSpan.FromSeconds(30), stopping), out Task<bool>? holding));
        StoredToken row = await RowAsync(after, issued[1]);
        Upgrader(after).Offer(row, issued[1].Plaintext.Reveal(), isOutdated: true);
        await Task.Delay(100);
        Assert.AreEqual((1, 0), gate.Load);
        Assert.AreEqual(row.Secret.Hash, (await RowAsync(after, issued[1])).Secret.Hash);

        release.Set();
        await holding;
        await WaitForAsync(after, issued[1], row => row.Secret.Hash.StartsWith("$quicker$", StringComparison.Ordinal));
    }

    [TestMethod]
    public async Task Use_MoreThanTheQueueHolds_AreDroppedAndCounted()
    {
        await using TestNode before = await TestNode.StartAsync();
        List<IssueResult.Issued> issued = [];
        for (int i = 0; i < 6; i++)
        {
            issued.Add(await before.IssueAsync(name: $"{i}"));
        }

        await using TestNode after = await TestNode.StartAsync(
            configure: builder =>
            {
                Stronger()(builder);
                builder.ConfigureRehashing(options => (options.RowsPerSecond, options.QueueLimit) = (1, 2));
            },
            store: before.Store.Inner);
        var begun = new TaskCompletionSource();
        var goesOn = new TaskCompletionSource();
        after.Store.BeforeAnswer = () =>
        {
            begun.TrySetResult();
            return goesOn.Task;
        };
        foreach (IssueResult.Issued token in issued)
        {
            Upgrader(after).Offer(await RowAsync(before, token), token.Plaintext.Reveal(), isOutdated: false);
            await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }

        // One is in the works and two wait.
        Assert.AreEqual(3, after.Meter.Count("tokenkit.rehash.dropped"));
        Assert.AreEqual(3, Upgrader(after).Queued);
        goesOn.SetResult();
    }

    [TestMethod]
    public async Task Use_OfManyTokens_IsRenewedNoFasterThanTheRate()
    {
        await using TestNode before = await TestNode.StartAsync();
        IssueResult.Issued[] issued = [await before.IssueAsync(), await before.IssueAsync(name: "second"), await before.IssueAsync(name: "third")];
        var time = new TestClock { LongestTimer = Hasty };
        await using TestNode after = await TestNode.StartAsync(
            configure: builder =>
            {
                Stronger()(builder);
                builder.ConfigureRehashing(options => options.RowsPerSecond = 4);
                builder.Services.AddSingleton<TimeProvider>(time);
            },
            store: before.Store.Inner);
        foreach (IssueResult.Issued token in issued)
        {
            Upgrader(after).Offer(await RowAsync(after, token), token.Plaintext.Reveal(), isOutdated: true);
        }

        await WaitForAsync(after, issued[^1], row => row.Secret.Hash.StartsWith("$quicker$", StringComparison.Ordinal));

        Assert.IsGreaterThanOrEqualTo(2, time.AskedTimers.Count(pause => pause == TimeSpan.FromMilliseconds(250)));
    }

    [TestMethod]
    public async Task Use_StoreIsReadOnly_SaysItOnceAndKeepsNoText()
    {
        await using TestNode before = await TestNode.StartAsync();
        List<IssueResult.Issued> issued = [];
        for (int i = 0; i < 4; i++)
        {
            issued.Add(await before.IssueAsync(name: $"{i}"));
        }

        await using TestNode after = await StartAsync(before, Stronger());
        after.Store.IsReadOnly = true;
        foreach (IssueResult.Issued token in issued)
        {
            Assert.IsInstanceOfType<VerificationResult.Valid>(await after.Tokens.VerifyAsync(TestNode.Realm, token.Plaintext.Reveal()));
        }

        await WaitAsync(() => after.Logs.Lines.Any(line => line.StartsWith("209 ", StringComparison.Ordinal)));
        foreach (IssueResult.Issued token in issued)
        {
            await after.Tokens.VerifyAsync(TestNode.Realm, token.Plaintext.Reveal());
        }

        await WaitAsync(() => Upgrader(after).Queued <= 1);
        Assert.AreEqual(1, after.Logs.Lines.Count(line => line.StartsWith("209 ", StringComparison.Ordinal)));
        Assert.IsGreaterThanOrEqualTo(1, after.Meter.Count("tokenkit.rehash.dropped"));
    }

    [TestMethod]
    public async Task Use_StoreStaysReadOnly_IsSaidOnceThoughSomeRowsNeedNoChange()
    {
        await using TestNode before = await TestNode.StartAsync();
        IssueResult.Issued[] issued = [await before.IssueAsync(), await before.IssueAsync(name: "other")];
        StoredToken[] rows = [await RowAsync(before, issued[0]), await RowAsync(before, issued[1])];
        await using TestNode after = await StartAsync(before, builder =>
        {
            Stronger()(builder);
            builder.Services.AddSingleton<TimeProvider>(new TestClock { LongestTimer = Hasty });
        });
        after.Store.IsReadOnly = true;
        void Offer(int token, string hash) => Upgrader(after).Offer(rows[token].WithSecret(secret => secret with { Hash = hash }), issued[token].Plaintext.Reveal(), isOutdated: true);
        long Dropped() => after.Meter.Count("tokenkit.rehash.dropped");

        await WaitAsync(() => OfferUntil(() => Offer(0, rows[0].Secret.Hash), Dropped() >= 1));
        int finds = after.Store.Finds;
        await WaitAsync(() => OfferUntil(() => Offer(0, "$quick$00$00"), after.Store.Finds > finds && Upgrader(after).Queued == 0));
        long dropped = Dropped();
        await WaitAsync(() => OfferUntil(() => Offer(1, rows[1].Secret.Hash), Dropped() > dropped));

        Assert.AreEqual(1, after.Logs.Lines.Count(line => line.StartsWith("209 ", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task Use_KeptRowThatAnotherNodeHasRenewed_IsReadAgain()
    {
        await using TestNode before = await TestNode.StartAsync();
        IssueResult.Issued issued = await before.IssueAsync();
        StoredToken old = await RowAsync(before, issued);
        string text = issued.Plaintext.Reveal();
        string renewed = new QuickHasher { Scheme = "quicker" }.Hash(Encoding.ASCII.GetBytes(text), CancellationToken.None);
        await using TestNode after = await TestNode.StartAsync(
            realm => realm.MaximumRevocationDelay = TimeSpan.FromHours(1),
            builder =>
            {
                Stronger()(builder);
                builder.ConfigureRehashing(options => options.RowsPerSecond = 1000);
            },
            before.Store.Inner);
        after.Store.BeforeFind = () =>
        {
            // The first read is the request's, and the second is for the renewal.
            if (after.Store.Finds == 2)
            {
                var change = new TokenChange.Rehash(TimeProvider.System, old.WithSecret(secret => secret with { Hash = renewed }), old.Secret.Hash);
                before.Store.Inner.CommitAsync(change, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            }
        };
        await after.Tokens.VerifyAsync(TestNode.Realm, text);
        await WaitAsync(() => after.Store.Finds == 2 && Upgrader(after).Queued == 0);

        for (int i = 0; i < 3; i++)
        {
            Assert.IsInstanceOfType<VerificationResult.Valid>(await after.Tokens.VerifyAsync(TestNode.Realm, text));
        }

        // Each of the two hashes once; what is kept now needs nothing.
        Assert.AreEqual(2, after.Hasher.Verifications);
        Assert.AreEqual((3, 0), (after.Store.Finds, Upgrader(after).Queued));
    }

    [TestMethod]
    public async Task Offer_RowThatChangedSince_IsLeftAlone()
    {
        await using TestNode before = await TestNode.StartAsync();
        IssueResult.Issued issued = await before.IssueAsync();
        StoredToken old = await RowAsync(before, issued);
        await using TestNode after = await StartAsync(before, Stronger());
        IssueResult.Issued other = await before.IssueAsync(name: "other");

        Upgrader(after).Offer(old.WithSecret(secret => secret with { Hash = "$quick$00$00" }), issued.Plaintext.Reveal(), isOutdated: true);
        await after.Tokens.VerifyAsync(TestNode.Realm, other.Plaintext.Reveal());
        await WaitForAsync(after, other, row => row.Secret.Hash.StartsWith("$quicker$", StringComparison.Ordinal));

        Assert.AreEqual(old.Secret.Hash, (await RowAsync(after, issued)).Secret.Hash);
    }

    private static Action<TokenKitBuilder> Stronger() =>
        builder => builder.Services.AddSingleton<ISecretHasher>(new QuickHasher { Scheme = "quicker" });

    private static Task<TestNode> StartAsync(TestNode before, Action<TokenKitBuilder> configure) => TestNode.StartAsync(
        configure: builder =>
        {
            configure(builder);
            builder.ConfigureRehashing(options => options.RowsPerSecond = 1000);
        },
        store: before.Store.Inner);

    private static Rehasher Upgrader(TestNode kit) => kit.Services.GetRequiredService<Rehasher>();

    private static async Task<StoredToken> RowAsync(TestNode kit, IssueResult.Issued issued) =>
        (await kit.Store.Inner.FindAsync(issued.Token.Id, CancellationToken.None))!;

    private static async Task<StoredToken> WaitForAsync(TestNode kit, IssueResult.Issued issued, Func<StoredToken, bool> isThere)
    {
        StoredToken row = await RowAsync(kit, issued);
        for (int waited = 0; waited < 3000 && !isThere(row); waited++)
        {
            await Task.Delay(10);
            row = await RowAsync(kit, issued);
        }

        Assert.IsTrue(isThere(row), "The row was not renewed.");
        return row;
    }

    private static async Task WaitAsync(Func<bool> isThere)
    {
        for (int waited = 0; waited < 3000 && !isThere(); waited++)
        {
            await Task.Delay(10);
        }

        Assert.IsTrue(isThere());
    }

    private static bool OfferUntil(Action offer, bool isThere)
    {
        if (!isThere)
        {
            offer();
        }

        return isThere;
    }
}
