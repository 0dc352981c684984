using Microsoft.Extensions.DependencyInjection;
using TokenKit.Changes;
using TokenKit.Format;
using TokenKit.Stores;
using TokenKit.TestKit;
using TokenKit.Verification;

namespace TokenKit.Tests.Verification;

/// <summary>The promise of <see cref="RealmOptions.MaximumRevocationDelay"/>, clause by clause.</summary>
[TestClass]
public sealed class RevocationDelayTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan JustBefore = Delay - TimeSpan.FromTicks(1);

    public static IEnumerable<Func<ApiTokens, ApiToken, Task>> Endings() =>
    [
        (tokens, token) => tokens.RevokeAsync(TestNode.Realm, token.Id, SubjectFilter.Any),
        (tokens, token) => tokens.RevokeAllAsync(TestNode.Realm, SubjectFilter.Is(token.Subject), spared: null),
        (tokens, _) => tokens.RevokeAllAsync(TestNode.Realm, SubjectFilter.Any, spared: null),
        (tokens, token) => tokens.DeleteAsync(TestNode.Realm, token.Id, SubjectFilter.Any),
        (tokens, token) => tokens.UpdateAsync(new UpdateRequest(TestNode.Realm, token.Id, SubjectFilter.Any) { Suspended = true }),
    ];

    [TestMethod]
    public async Task Verify_WithinTheDelay_ReadsOnce()
    {
        await using TestNode kit = await StartAsync();
        string text = (await kit.IssueAsync()).Plaintext.Reveal();

        Assert.IsInstanceOfType<VerificationResult.Valid>(await VerifyAsync(kit, text));
        kit.Clock.Advance(JustBefore);
        Assert.IsInstanceOfType<VerificationResult.Valid>(await VerifyAsync(kit, text));
        Assert.AreEqual(1, kit.Store.Finds);
        Assert.AreEqual(1, kit.Meter.Count("tokenkit.row_cache.hits"));

        kit.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.IsInstanceOfType<VerificationResult.Valid>(await VerifyAsync(kit, text));
        Assert.AreEqual(2, kit.Store.Finds);
    }

    [TestMethod]
    public async Task Verify_NoDelay_ReadsEachTimeAndKeepsNothing()
    {
        await using TestNode kit = await StartAsync(TimeSpan.Zero);
        string text = (await kit.IssueAsync()).Plaintext.Reveal();
        for (int i = 1; i <= 3; i++)
        {
            await VerifyAsync(kit, text);
            Assert.AreEqual(i, kit.Store.Finds);
        }

        Assert.AreEqual(0, Cache(kit).Count);
    }

    [TestMethod]
    public async Task Verify_UnknownId_IsNeverKept()
    {
        await using TestNode kit = await StartAsync();
        string unknown = TokenText.Write("acme", TokenId.Create(kit.Clock.GetUtcNow()), new byte[TokenText.SecretBytes]);
        for (int i = 1; i <= 3; i++)
        {
            Assert.AreEqual(new VerificationResult.Refused(RefusalReason.Unrecognized), await VerifyAsync(kit, unknown));
            Assert.AreEqual(i, kit.Store.Finds);
        }

        Assert.AreEqual(0, Cache(kit).Count);
    }

    [TestMethod]
    public async Task Verify_KeptRowWithForgedSecretOrInAnotherRealm_IsUnrecognizedWithoutRead()
    {
        await using TestNode kit = await StartAsync(configure: builder => builder.AddRealm("other", realm =>
        {
            realm.Prefix = "acme";
            realm.MaximumRevocationDelay = Delay;
        }));
        IssueResult.Issued issued = await kit.IssueAsync();
        await VerifyAsync(kit, issued.Plaintext.Reveal());

        string forged = TokenText.Write("acme", issued.Token.Id, new byte[TokenText.SecretBytes]);
        Assert.AreEqual(new VerificationResult.Refused(RefusalReason.Unrecognized), await VerifyAsync(kit, forged));
        Assert.AreEqual(new VerificationResult.Refused(RefusalReason.Unrecognized), await kit.Tokens.VerifyAsync("other", issued.Plaintext.Reveal()));
        Assert.AreEqual(1, kit.Store.Finds);
    }

    [TestMethod]
    public async Task Verify_KeptRow_IsJudgedByTheTimeOfEachUse()
    {
        await using TestNode kit = await StartAsync();
        IssueResult.Issued issued = await kit.IssueAsync(change: request => request with { Expiry = TokenExpiry.After(TimeSpan.FromSeconds(2)) });
        await VerifyAsync(kit, issued.Plaintext.Reveal());

        kit.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.AreEqual(new VerificationResult.Refused(RefusalReason.Expired, issued.Token.Id), await VerifyAsync(kit, issued.Plaintext.Reveal()));
        Assert.AreEqual(1, kit.Store.Finds);
    }

    [TestMethod]
    [DynamicData(nameof(Endings))]
    public async Task Verify_AfterThisNodeEndedIt_IsRefusedAtOnce(Func<ApiTokens, ApiToken, Task> endAsync)
    {
        await using TestNode kit = await StartAsync();
        IssueResult.Issued issued = await kit.IssueAsync();
        string text = issued.Plaintext.Reveal();
        Assert.IsInstanceOfType<VerificationResult.Valid>(await VerifyAsync(kit, text));

        await endAsync(kit.Tokens, issued.Token);

        Assert.IsInstanceOfType<VerificationResult.Refused>(await VerifyAsync(kit, text));
    }

    [TestMethod]
    public async Task Verify_AfterAnotherNodeRevokedIt_IsRefusedAfterTheDelay()
    {
        await using TestNode kit = await StartAsync();
        await using TestNode other = await StartAsync(store: kit.Store.Inner);
        IssueResult.Issued issued = await other.IssueAsync();
        string text = issued.Plaintext.Reveal();
        await VerifyAsync(kit, text);

        await other.Tokens.RevokeAsync(TestNode.Realm, issued.Token.Id, SubjectFilter.Any);

        kit.Clock.Advance(JustBefore);
        Assert.IsInstanceOfType<VerificationResult.Valid>(await VerifyAsync(kit, text));
        kit.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.AreEqual(new VerificationResult.Refused(RefusalReason.Revoked, issued.Token.Id), await VerifyAsync(kit, text));
    }

    [TestMethod]
    public async Task Age_OfASlowRead_RunsFromWhenItWasSent()
    {
        await using TestNode kit = await StartAsync();
        string text = (await kit.IssueAsync()).Plaintext.Reveal();
        kit.Store.BeforeAnswer = () =>
        {
            kit.Clock.Advance(TimeSpan.FromSeconds(3));
            return Task.CompletedTask;
        };
        await VerifyAsync(kit, text);
        kit.Store.BeforeAnswer = null;

        kit.Clock.Advance(TimeSpan.FromSeconds(2));
        await VerifyAsync(kit, text);

        Assert.AreEqual(2, kit.Store.Finds);
    }

    [TestMethod]
    [DynamicData(nameof(Endings))]
    public async Task Read_InFlightWhileTheTokenIsEnded_IsNotKept(Func<ApiTokens, ApiToken, Task> endAsync)
    {
        foreach (TimeSpan delay in new[] { TimeSpan.Zero, Delay })
        {
            await using TestNode kit = await StartAsync(delay);
            IssueResult.Issued issued = await kit.IssueAsync();
            string text = issued.Plaintext.Reveal();
            var answer = new TaskCompletionSource();
            kit.Store.BeforeAnswer = () => answer.Task;
            Task<VerificationResult> verifying = VerifyAsync(kit, text);
            kit.Store.BeforeAnswer = null;

            await endAsync(kit.Tokens, issued.Token);
            answer.SetResult();

            // Its caller came before the ending. Whoever comes later is told of it.
            Assert.IsInstanceOfType<VerificationResult.Valid>(await verifying);
            Assert.IsInstanceOfType<VerificationResult.Refused>(await VerifyAsync(kit, text));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Endings))]
    public async Task Read_InFlightWhenAChangeIsSent_IsUsedAndNotKept(Func<ApiTokens, ApiToken, Task> endAsync)
    {
        await using TestNode kit = await StartAsync();
        IssueResult.Issued issued = await kit.IssueAsync();
        var answer = new TaskCompletionSource();
        kit.Store.BeforeAnswer = () => answer.Task;
        Task<VerificationResult> verifying = VerifyAsync(kit, issued.Plaintext.Reveal());
        kit.Store.BeforeAnswer = null;
        int findsBefore = kit.Store.Finds;
        var write = new TaskCompletionSource();
        kit.Store.BeforeWrite = () => write.Task;
        Task ending = endAsync(kit.Tokens, issued.Token);
        kit.Store.BeforeWrite = null;
        int findsOfEnding = kit.Store.Finds - findsBefore;

        answer.SetResult();

        Assert.IsInstanceOfType<VerificationResult.Valid>(await verifying);
        Assert.AreEqual(1 + findsOfEnding, kit.Store.Finds);

        // The change is not made yet, so the next read finds the token living too.
        Assert.IsInstanceOfType<VerificationResult.Valid>(await VerifyAsync(kit, issued.Plaintext.Reveal()));
        Assert.AreEqual(2 + findsOfEnding, kit.Store.Finds);
        write.SetResult();
        await ending;
        Assert.IsInstanceOfType<VerificationResult.Refused>(await VerifyAsync(kit, issued.Plaintext.Reveal()));
    }

    [TestMethod]
    public async Task KeptRow_WhileAChangeIsUnderWay_IsReadAgain()
    {
        await using TestNode kit = await StartAsync();
        IssueResult.Issued issued = await kit.IssueAsync();
        await VerifyAsync(kit, issued.Plaintext.Reveal());
        var answer = new TaskCompletionSource();
        kit.Store.AfterWrite = () => answer.Task;
        Task revoking = kit.Tokens.RevokeAsync(TestNode.Realm, issued.Token.Id, SubjectFilter.Any);
        kit.Store.AfterWrite = null;

        // Nobody has been told of the revocation yet; the row already is.
        Assert.IsInstanceOfType<VerificationResult.Refused>(await VerifyAsync(kit, issued.Plaintext.Reveal()));
        answer.SetResult();
        await revoking;
    }

    [TestMethod]
    public async Task KeptRows_OfOtherOwners_AreHardlyTouchedByARevokeAll()
    {
        await using TestNode kit = await StartAsync();
        List<string> texts = [];
        for (int i = 0; i < 100; i++)
        {
            texts.Add((await kit.IssueAsync(subject: $"{i}")).Plaintext.Reveal());
            await VerifyAsync(kit, texts[i]);
        }

        await kit.Tokens.RevokeAllAsync(TestNode.Realm, SubjectFilter.Is("0"), spared: null);
        foreach (string text in texts)
        {
            await VerifyAsync(kit, text);
        }

        // One has to be; few others share its place.
        Assert.IsInRange(101, 110, kit.Store.Finds);
    }

    [TestMethod]
    public async Task Revoke_OfUnknownOutcome_IsNoticedAtOnce()
    {
        foreach (Exception outcome in new Exception[] { new TokenStoreException("Lost."), new OperationCanceledException() })
        {
            await using TestNode kit = await StartAsync();
            IssueResult.Issued issued = await kit.IssueAsync();
            await VerifyAsync(kit, issued.Plaintext.Reveal());

            kit.Store.AfterWrite = () => throw outcome;
            await Assert.ThrowsAsync<Exception>(() => kit.Tokens.RevokeAsync(TestNode.Realm, issued.Token.Id, SubjectFilter.Any));

            Assert.AreEqual(
                new VerificationResult.Refused(RefusalReason.Revoked, issued.Token.Id),
                await VerifyAsync(kit, issued.Plaintext.Reveal()));
        }
    }

    [TestMethod]
    public async Task Read_InFlightDuringARevokeOfUnknownOutcome_IsNotKept()
    {
        await using TestNode kit = await StartAsync();
        IssueResult.Issued issued = await kit.IssueAsync();
        string text = issued.Plaintext.Reveal();
        TaskCompletionSource answer = new(), lost = new();
        kit.Store.AfterWrite = () => lost.Task;
        Task<ApiToken?> revoking = kit.Tokens.RevokeAsync(TestNode.Realm, issued.Token.Id, SubjectFilter.Any);
        kit.Store.AfterWrite = null;
        await using (TestNode other = await StartAsync(store: kit.Store.Inner))
        {
            // As if the write came later than the read that was sent after it.
            await other.Tokens.DeleteAsync(TestNode.Realm, issued.Token.Id, SubjectFilter.Any);
        }

        kit.Store.BeforeAnswer = () => answer.Task;
        Task<VerificationResult> verifying = VerifyAsync(kit, text);
        kit.Store.BeforeAnswer = null;
        lost.SetException(new TokenStoreException("Lost."));
        await Assert.ThrowsExactlyAsync<TokenStoreException>(() => revoking);
        int finds = kit.Store.Finds;
        answer.SetResult();
        await verifying;
        await VerifyAsync(kit, text);

        Assert.AreEqual(finds + 1, kit.Store.Finds);
    }

    [TestMethod]
    public async Task Verify_ManyAtOnceWithinTheDelay_ShareOneRead()
    {
        await using TestNode kit = await StartAsync();
        string text = (await kit.IssueAsync()).Plaintext.Reveal();
        var answer = new TaskCompletionSource();
        kit.Store.BeforeAnswer = () => answer.Task;

        Task<VerificationResult>[] verifying = [.. Enumerable.Range(0, 32).Select(_ => VerifyAsync(kit, text))];
        answer.SetResult();

        Assert.IsTrue((await Task.WhenAll(verifying)).All(result => result is VerificationResult.Valid));
        Assert.AreEqual(1, kit.Store.Finds);
    }

    [TestMethod]
    public async Task Verify_AfterARevoke_JoinsNoReadThatBeganBefore()
    {
        foreach (TimeSpan delay in new[] { TimeSpan.Zero, Delay })
        {
            await using TestNode kit = await StartAsync(delay);
            IssueResult.Issued issued = await kit.IssueAsync();
            var answer = new TaskCompletionSource();
            kit.Store.BeforeAnswer = () => answer.Task;
            Task<VerificationResult> first = VerifyAsync(kit, issued.Plaintext.Reveal());
            kit.Store.BeforeAnswer = null;
            await kit.Tokens.RevokeAsync(TestNode.Realm, issued.Token.Id, SubjectFilter.Any);

            Task<VerificationResult> second = VerifyAsync(kit, issued.Plaintext.Reveal());
            answer.SetResult();

            Assert.IsInstanceOfType<VerificationResult.Refused>(await second);
            await first;
        }
    }

    [TestMethod]
    public async Task Verify_NoDelay_JoinsNoReadThatBeganBeforeAnotherNodesRevoke()
    {
        await using TestNode kit = await StartAsync(TimeSpan.Zero);
        await using TestNode other = await StartAsync(TimeSpan.Zero, store: kit.Store.Inner);
        IssueResult.Issued issued = await kit.IssueAsync();
        var answer = new TaskCompletionSource();
        kit.Store.BeforeAnswer = () => answer.Task;
        Task<VerificationResult> first = VerifyAsync(kit, issued.Plaintext.Reveal());
        kit.Store.BeforeAnswer = null;
        await other.Tokens.RevokeAsync(TestNode.Realm, issued.Token.Id, SubjectFilter.Any);

        // The first read is still under way.
        Assert.IsInstanceOfType<VerificationResult.Refused>(await VerifyAsync(kit, issued.Plaintext.Reveal()));
        answer.SetResult();
        await first;
    }

    [TestMethod]
    public async Task Verify_BesideAReadAsOldAsTheDelay_ReadsItself()
    {
        await using TestNode kit = await StartAsync();
        await using TestNode other = await StartAsync(store: kit.Store.Inner);
        IssueResult.Issued issued = await kit.IssueAsync();
        var answer = new TaskCompletionSource();
        kit.Store.BeforeAnswer = () => answer.Task;
        Task<VerificationResult> hanging = VerifyAsync(kit, issued.Plaintext.Reveal());
        kit.Store.BeforeAnswer = null;
        await other.Tokens.RevokeAsync(TestNode.Realm, issued.Token.Id, SubjectFilter.Any);

        kit.Clock.Advance(Delay);

        Assert.IsInstanceOfType<VerificationResult.Refused>(await VerifyAsync(kit, issued.Plaintext.Reveal()));
        answer.SetResult();
        await hanging;
    }

    [TestMethod]
    public async Task Verify_JoinedReadThatGetsTooOld_ReadsItself()
    {
        await using TestNode kit = await StartAsync();
        await using TestNode other = await StartAsync(store: kit.Store.Inner);
        IssueResult.Issued issued = await kit.IssueAsync();
        var answer = new TaskCompletionSource();
        kit.Store.BeforeAnswer = () => answer.Task;
        Task<VerificationResult> first = VerifyAsync(kit, issued.Plaintext.Reveal());
        kit.Clock.Advance(JustBefore);
        Task<VerificationResult> joining = VerifyAsync(kit, issued.Plaintext.Reveal());
        Assert.AreEqual(1, kit.Store.Finds);
        kit.Store.BeforeAnswer = null;
        await other.Tokens.RevokeAsync(TestNode.Realm, issued.Token.Id, SubjectFilter.Any);

        kit.Clock.Advance(TimeSpan.FromTicks(1));
        answer.SetResult();

        Assert.IsInstanceOfType<VerificationResult.Refused>(await joining);
        await first;
    }

    [TestMethod]
    public async Task Verify_CallerGivesUp_LeavesTheReadToThoseWhoJoined()
    {
        await using TestNode kit = await StartAsync();
        string text = (await kit.IssueAsync()).Plaintext.Reveal();
        var answer = new TaskCompletionSource();
        kit.Store.BeforeAnswer = () => answer.Task;
        using var hangingUp = new CancellationTokenSource();
        Task<VerificationResult> first = kit.Tokens.VerifyAsync(TestNode.Realm, text, hangingUp.Token).AsTask();
        Task<VerificationResult> joining = VerifyAsync(kit, text);

        await hangingUp.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => first);
        answer.SetResult();
        Assert.IsInstanceOfType<VerificationResult.Valid>(await joining);
        Assert.AreEqual(1, kit.Store.Finds);
    }

    [TestMethod]
    [DataRow(4, 1, true)]
    [DataRow(5, 2, false)]
    public async Task Row_OlderThanTheDelayWhenHashingEnds_IsReadAgain(int secondsInTheQueue, int finds, bool valid)
    {
        await using TestNode kit = await StartAsync();
        await using TestNode other = await StartAsync(store: kit.Store.Inner);
        IssueResult.Issued issued = await other.IssueAsync();
        kit.Hasher.DuringVerification = () =>
        {
            other.Tokens.RevokeAsync(TestNode.Realm, issued.Token.Id, SubjectFilter.Any).GetAwaiter().GetResult();
            kit.Clock.Advance(TimeSpan.FromSeconds(secondsInTheQueue));
        };

        VerificationResult result = await VerifyAsync(kit, issued.Plaintext.Reveal());

        Assert.AreEqual(valid, result is VerificationResult.Valid);
        Assert.AreEqual(finds, kit.Store.Finds);
    }

    [TestMethod]
    public async Task Row_YoungEnoughWhenHashingEnds_IsJudgedByTheTimeOfThen()
    {
        await using TestNode kit = await StartAsync();
        await using TestNode other = await StartAsync(store: kit.Store.Inner);
        IssueResult.Issued issued = await other.IssueAsync(change: request => request with { Expiry = TokenExpiry.After(TimeSpan.FromSeconds(2)) });
        kit.Hasher.DuringVerification = () => kit.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.AreEqual(new VerificationResult.Refused(RefusalReason.Expired, issued.Token.Id), await VerifyAsync(kit, issued.Plaintext.Reveal()));
        Assert.AreEqual(1, kit.Store.Finds);
    }

    [TestMethod]
    [DynamicData(nameof(Endings))]
    public async Task Row_EndedByThisNodeWhileHashing_IsRefused(Func<ApiTokens, ApiToken, Task> endAsync)
    {
        await using TestNode kit = await StartAsync();
        await using TestNode other = await StartAsync(store: kit.Store.Inner);
        IssueResult.Issued issued = await other.IssueAsync();
        kit.Hasher.DuringVerification = () => endAsync(kit.Tokens, issued.Token).GetAwaiter().GetResult();

        Assert.IsInstanceOfType<VerificationResult.Refused>(await VerifyAsync(kit, issued.Plaintext.Reveal()));
    }

    [TestMethod]
    [DataRow("the wall clock is set forward, or the monotonic clock stands still", 0.0, 5.0)]
    [DataRow("the wall clock stands still", 5.0, 0.0)]
    [DataRow("the wall clock is set back", 1.0, -1.0)]
    [DataRow("the monotonic clock goes back", -1.0, 1.0)]
    public async Task Row_WhateverTheClocksDo_IsNotUsedTooLong(string name, double monotonicSeconds, double wallSeconds)
    {
        await using TestNode kit = await StartAsync();
        string text = (await kit.IssueAsync()).Plaintext.Reveal();
        await VerifyAsync(kit, text);

        kit.Clock.MoveMonotonic(TimeSpan.FromSeconds(monotonicSeconds));
        kit.Clock.SetWall(TimeSpan.FromSeconds(wallSeconds));
        await VerifyAsync(kit, text);

        Assert.AreEqual(2, kit.Store.Finds, name);
    }

    [TestMethod]
    public async Task Verify_StoreUnreachable_IsUnavailableOnceTheRowIsAsOldAsTheDelay()
    {
        await using TestNode kit = await StartAsync();
        IssueResult.Issued issued = await kit.IssueAsync();
        string text = issued.Plaintext.Reveal();
        await VerifyAsync(kit, text);
        kit.Store.IsDown = true;

        kit.Clock.Advance(JustBefore);
        Assert.IsInstanceOfType<VerificationResult.Valid>(await VerifyAsync(kit, text));
        kit.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.IsInstanceOfType<VerificationResult.Unavailable>(await VerifyAsync(kit, text));
        kit.Clock.Advance(TimeSpan.FromDays(1));
        Assert.IsInstanceOfType<VerificationResult.Unavailable>(await VerifyAsync(kit, text));

        kit.Store.IsDown = false;
        Assert.IsInstanceOfType<VerificationResult.Valid>(await VerifyAsync(kit, text));
    }

    [TestMethod]
    public async Task Verify_RevokeThatNeverReachedTheStore_IsUnavailableUntilTheRowCanBeRead()
    {
        await using TestNode kit = await StartAsync();
        IssueResult.Issued issued = await kit.IssueAsync();
        string text = issued.Plaintext.Reveal();
        await VerifyAsync(kit, text);
        kit.Store.IsDown = true;

        await Assert.ThrowsExactlyAsync<TokenStoreException>(() => kit.Tokens.RevokeAsync(TestNode.Realm, issued.Token.Id, SubjectFilter.Any));

        Assert.IsInstanceOfType<VerificationResult.Unavailable>(await VerifyAsync(kit, text));
        kit.Store.IsDown = false;
        Assert.IsInstanceOfType<VerificationResult.Valid>(await VerifyAsync(kit, text));
    }

    // Tokens share the marks of changes: whoever changes one of them in a loop must not turn away the callers of the others.
    [TestMethod]
    public async Task Verify_MarkSetDuringEveryRead_IsAnsweredAfterOneRead()
    {
        foreach (TimeSpan delay in new[] { TimeSpan.Zero, Delay })
        {
            await using TestNode kit = await StartAsync(delay);
            IssueResult.Issued issued = await kit.IssueAsync();
            ChangeMarks marks = kit.Services.GetRequiredService<ChangeMarks>();
            kit.Store.BeforeFind = () =>
            {
                marks.Set(issued.Token.Id);
                marks.Set(TestNode.Realm, SubjectFilter.Any);
            };

            Assert.IsInstanceOfType<VerificationResult.Valid>(await VerifyAsync(kit, issued.Plaintext.Reveal()));
            Assert.AreEqual(1, kit.Store.Finds);
        }
    }

    [TestMethod]
    public async Task Meter_TellsTheLargestAgeThatWasServed()
    {
        await using TestNode kit = await StartAsync();
        string text = (await kit.IssueAsync()).Plaintext.Reveal();
        await VerifyAsync(kit, text);
        Assert.AreEqual(0.0, kit.Meter.Ask("tokenkit.row_cache.largest_age"));

        foreach (int seconds in new[] { 2, 1, 1, 100, 3 })
        {
            kit.Clock.Advance(TimeSpan.FromSeconds(seconds));
            await VerifyAsync(kit, text);
        }

        Assert.AreEqual(4.0, kit.Meter.Ask("tokenkit.row_cache.largest_age"));
    }

    [TestMethod]
    public async Task Cache_MoreTokensThanItsCapacity_StaysBounded()
    {
        await using TestNode kit = await StartAsync(configure: builder => builder.ConfigureVerification(options => options.RowCacheCapacity = 10));
        string text = "";
        for (int i = 0; i < 100; i++)
        {
            text = (await kit.IssueAsync(name: $"{i}")).Plaintext.Reveal();
            await VerifyAsync(kit, text);
            Assert.IsLessThanOrEqualTo(20, Cache(kit).Count);
        }

        Assert.IsGreaterThanOrEqualTo(10, Cache(kit).Count);
        await VerifyAsync(kit, text);
        Assert.AreEqual(100, kit.Store.Finds);
    }

    [TestMethod]
    public async Task Cache_TokensThatNobodyUsesAnyMore_AreForgotten()
    {
        await using TestNode kit = await StartAsync();
        for (int i = 0; i < 100; i++)
        {
            await VerifyAsync(kit, (await kit.IssueAsync(name: $"{i}")).Plaintext.Reveal());
        }

        string text = (await kit.IssueAsync()).Plaintext.Reveal();
        for (int i = 0; i < 3; i++)
        {
            kit.Clock.Advance(TimeSpan.FromSeconds(11));
            await VerifyAsync(kit, text);
        }

        Assert.AreEqual(2, Cache(kit).Count);
    }

    private static Task<TestNode> StartAsync(TimeSpan? delay = null, Action<TokenKitBuilder>? configure = null, ITokenStore? store = null) =>
        TestNode.StartAsync(realm => realm.MaximumRevocationDelay = delay ?? Delay, configure, store);

    private static Task<VerificationResult> VerifyAsync(TestNode kit, string text) =>
        kit.Tokens.VerifyAsync(TestNode.Realm, text).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    private static RowCache Cache(TestNode kit) => kit.Services.GetRequiredService<RowCache>();
}
