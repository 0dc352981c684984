using TokenKit.Stores;
using TokenKit.TestKit;
using TokenKit.Tests.Stores;

namespace TokenKit.Tests.Issuing;

[TestClass]
public sealed class IssuingTests
{
    [TestMethod]
    public async Task Issue_Defaults_ComeFromTheRealm()
    {
        await using TestNode kit = await TestNode.StartAsync(realm => realm.DefaultLifetime = TimeSpan.FromDays(30));

        IssueResult.Issued issued = await kit.IssueAsync();

        ApiToken token = issued.Token;
        DateTimeOffset now = kit.Clock.GetUtcNow();
        Assert.AreEqual("api", token.Realm);
        Assert.AreEqual("pat", token.Kind);
        Assert.AreEqual("1000", token.Subject);
        Assert.AreEqual("CI", token.Name);
        Assert.AreEqual(ScopeSet.Create("read", "write"), token.Scopes);
        Assert.AreEqual(now, token.CreatedAt);
        Assert.AreEqual(now + TimeSpan.FromDays(30), token.ExpiresAt);
        Assert.StartsWith(token.Hint, issued.Plaintext.Reveal());
        Assert.AreEqual("acme_".Length + 6, token.Hint.Length);
        Assert.AreEqual(1, token.Version);
        Assert.AreNotEqual(0, token.Sequence);
        Assert.AreEqual(TokenStatus.Active, token.GetStatus(now));
        Assert.AreEqual(token, await kit.Tokens.FindAsync(TestNode.Realm, token.Id, SubjectFilter.Is("1000")));
    }

    [TestMethod]
    public async Task Issue_Kind_StatesWhatDiffersFromTheRealm()
    {
        await using TestNode kit = await TestNode.StartAsync(realm => realm
            .AddKind("session", kind =>
            {
                kind.Prefix = "sess";
                kind.DefaultLifetime = TimeSpan.FromHours(1);
            })
            .AddKind("session", kind => kind.IssuedScopes = ScopeSet.Create("all")));

        IssueResult.Issued issued = await kit.IssueAsync(change: request => request with { Kind = "session" });

        Assert.StartsWith("sess_", issued.Plaintext.Reveal());
        Assert.AreEqual(kit.Clock.GetUtcNow() + TimeSpan.FromHours(1), issued.Token.ExpiresAt);
        Assert.AreEqual("all", issued.Token.Scopes.ToString());
        await Assert.ThrowsExactlyAsync<ArgumentException>(() => kit.IssueAsync(change: request => request with { Kind = "missing" }));
    }

    // A store that lost the answer to a change makes it again.
    [TestMethod]
    [DataRow(false, DisplayName = "and remembers it")]
    [DataRow(true, DisplayName = "and has forgotten it")]
    public async Task Issue_MadeTwiceByTheStoreWithAPurgeBetween_IsIssued(bool forgets)
    {
        await using TestNode kit = await TestNode.StartAsync(store: new RepeatingStore(new AlteredStore { Remembers = (_, result) => !forgets && result.Outcome == CommitOutcome.Done }));

        IssueResult.Issued issued = await kit.IssueAsync();

        Assert.AreEqual(issued.Token, await kit.Tokens.FindAsync(TestNode.Realm, issued.Token.Id, SubjectFilter.Any));
        Assert.IsInstanceOfType<VerificationResult.Valid>(await kit.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal()));
    }

    [TestMethod]
    public async Task Issue_UnderAnIdThatAnotherTokenHas_IsAFailureOfTheStore()
    {
        await using TestNode kit = await TestNode.StartAsync(store: new AlteredStore { Answer = (_, _) => new CommitResult(CommitOutcome.Duplicate), Find = (_, _) => null });

        await Assert.ThrowsExactlyAsync<TokenStoreException>(() => kit.IssueAsync());
    }

    [TestMethod]
    public async Task Issue_Suspended_IsRefusedUntilResumed()
    {
        await using TestNode kit = await TestNode.StartAsync();

        IssueResult.Issued issued = await kit.IssueAsync(change: request => request with { Suspended = true });

        Assert.AreEqual(kit.Clock.GetUtcNow(), issued.Token.SuspendedAt);
        Assert.AreEqual(
            new VerificationResult.Refused(RefusalReason.Suspended, issued.Token.Id),
            await kit.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal()));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(-1)]
    [DataRow(-100_000)]
    public async Task Issue_ExpiryThatMayHavePassed_MakesATokenThatNeverVerifies(int days)
    {
        await using TestNode kit = await TestNode.StartAsync();
        DateTimeOffset passed = kit.Clock.GetUtcNow().AddDays(days);

        IssueResult.Issued issued = await kit.IssueAsync(change: request => request with { Expiry = TokenExpiry.AtEvenIfPassed(passed) });

        Assert.AreEqual(passed, issued.Token.ExpiresAt);
        Assert.AreEqual(
            new VerificationResult.Refused(RefusalReason.Expired, issued.Token.Id),
            await kit.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal()));
        await AssertRejectedAsync(kit, RejectionReason.ExpiryNotInFuture, request => request with { Expiry = TokenExpiry.At(passed) });
    }

    [TestMethod]
    public async Task Issue_LifetimeBeyondPolicy_IsRejected()
    {
        await using TestNode kit = await TestNode.StartAsync(realm => realm.MaximumLifetime = TimeSpan.FromDays(100));
        DateTimeOffset now = kit.Clock.GetUtcNow();

        await AssertRejectedAsync(kit, RejectionReason.MustExpire, request => request with { Expiry = TokenExpiry.Never });
        await AssertRejectedAsync(kit, RejectionReason.LifetimeTooLong, request => request with { Expiry = TokenExpiry.After(TimeSpan.FromDays(100) + TimeSpan.FromMicroseconds(1)) });
        await AssertRejectedAsync(kit, RejectionReason.LifetimeTooLong, request => request with { Expiry = TokenExpiry.After(TimeSpan.MaxValue) });
        await AssertRejectedAsync(kit, RejectionReason.ExpiryNotInFuture, request => request with { Expiry = TokenExpiry.At(now) });
        await AssertRejectedAsync(kit, RejectionReason.ExpiryNotInFuture, request => request with { Expiry = TokenExpiry.At(DateTimeOffset.MinValue) });
        await AssertRejectedAsync(kit, RejectionReason.ExpiryNotInFuture, request => request with { Expiry = TokenExpiry.After(TimeSpan.Zero) });
        await AssertRejectedAsync(kit, RejectionReason.ExpiryNotInFuture, request => request with { Expiry = TokenExpiry.After(TimeSpan.MinValue) });
        Assert.AreEqual(now + TimeSpan.FromDays(100), (await kit.IssueAsync(change: request => request with { Expiry = TokenExpiry.After(TimeSpan.FromDays(100)) })).Token.ExpiresAt);
    }

    [TestMethod]
    public async Task Issue_NeverAllowed_HasNoExpiry()
    {
        await using TestNode kit = await TestNode.StartAsync(realm =>
        {
            realm.MayNeverExpire = true;
            realm.DefaultLifetime = null;
        });

        Assert.IsNull((await kit.IssueAsync()).Token.ExpiresAt);
        Assert.IsNull((await kit.IssueAsync(change: request => request with { Expiry = TokenExpiry.Never })).Token.ExpiresAt);
    }

    [TestMethod]
    public async Task Issue_Name_IsAnyUnicodeTextWithoutNulAndHalfSurrogates()
    {
        await using TestNode kit = await TestNode.StartAsync();
        foreach (string name in new[] { "", " ", "İ", "a\u0007b", "\uffff", "😀" })
        {
            Assert.AreEqual(name, (await kit.IssueAsync(name: name)).Token.Name);
        }

        foreach (string name in new[] { "\0", "a\0b", "\ud800", "x\udc00", "\udc00\ud800" })
        {
            await AssertRejectedAsync(kit, RejectionReason.InvalidName, request => request with { Name = name });
        }
    }

    [TestMethod]
    public async Task Issue_NameLength_CountsCodePoints()
    {
        await using TestNode kit = await TestNode.StartAsync();
        string longest = string.Concat(Enumerable.Repeat("😀", 255));

        Assert.AreEqual(longest, (await kit.IssueAsync(name: longest)).Token.Name);
        await AssertRejectedAsync(kit, RejectionReason.InvalidName, request => request with { Name = longest + "x" });
        await AssertRejectedAsync(kit, RejectionReason.InvalidName, request => request with { Name = new string('x', 256) });
    }

    [TestMethod]
    public async Task Issue_UniqueNames_AreUniquePerSubjectUntilRevoked()
    {
        await using TestNode kit = await TestNode.StartAsync(realm => realm.UniqueNames = true);
        IssueResult.Issued first = await kit.IssueAsync();

        await AssertRejectedAsync(kit, RejectionReason.NameTaken);
        await AssertRejectedAsync(kit, RejectionReason.InvalidName, request => request with { Name = "" });
        await kit.IssueAsync(subject: "1001");
        await kit.IssueAsync(subject: "");
        await kit.IssueAsync(name: "ci");
        await kit.Tokens.RevokeAsync(TestNode.Realm, first.Token.Id, SubjectFilter.Any);
        await kit.IssueAsync();
    }

    [TestMethod]
    public async Task Issue_LivingTokensAtTheirLimit_IsRejectedUntilOneEnds()
    {
        await using TestNode kit = await TestNode.StartAsync(realm => realm.MaximumLivingTokens = 2);
        await kit.IssueAsync(change: request => request with { Expiry = TokenExpiry.After(TimeSpan.FromHours(1)) });
        await kit.IssueAsync();

        await AssertRejectedAsync(kit, RejectionReason.CapReached);
        await kit.IssueAsync(subject: "1001");
        kit.Clock.Advance(TimeSpan.FromHours(1));
        await kit.IssueAsync();
        await AssertRejectedAsync(kit, RejectionReason.CapReached);
    }

    [TestMethod]
    public async Task Issue_ByToken_NeverOutlivesItNorExceedsItsScopes()
    {
        await using TestNode kit = await TestNode.StartAsync();
        ApiToken acting = (await kit.IssueAsync(change: request => request with
        {
            Scopes = ScopeSet.Create("read", ApiTokens.ManageScope),
            Expiry = TokenExpiry.After(TimeSpan.FromDays(10)),
        })).Token;

        IssueResult.Issued child = await kit.IssueAsync(change: request => request with { Actor = TokenActor.For(acting) with { Name = "ci" } });

        Assert.AreEqual("read", child.Token.Scopes.ToString());
        Assert.AreEqual(acting.ExpiresAt, child.Token.ExpiresAt);
        Assert.IsTrue(child.ExpiryClamped);
        Assert.AreEqual(acting.Id, child.Token.IssuedBy);
        Assert.AreEqual("ci", child.Token.Actor);
        await AssertRejectedAsync(kit, RejectionReason.ScopesExceedIssuer, request => request with { Actor = TokenActor.For(acting), Scopes = ScopeSet.Create("write") });
        await AssertRejectedAsync(kit, RejectionReason.MayNotManage, request => request with { Actor = TokenActor.For(child.Token) });
        Assert.IsFalse((await kit.IssueAsync(change: request => request with { Actor = TokenActor.For(acting), Expiry = TokenExpiry.After(TimeSpan.FromDays(9)) })).ExpiryClamped);
    }

    [TestMethod]
    public async Task Issue_ByTokenThatIsRevokedWhileItWaitsForAHash_IsRejectedAndLeavesNothing()
    {
        await using TestNode kit = await TestNode.StartAsync();
        ApiToken acting = (await kit.IssueAsync(change: request => request with { Scopes = ScopeSet.Create(ApiTokens.ManageScope) })).Token;
        kit.Hasher.DuringHash = () =>
            kit.Tokens.RevokeAllAsync(TestNode.Realm, SubjectFilter.Any, spared: null).GetAwaiter().GetResult();

        await AssertRejectedAsync(kit, RejectionReason.ActorEnded, request => request with { Actor = TokenActor.For(acting) });

        Assert.IsEmpty((await kit.Tokens.ListAsync(new TokenQuery(TestNode.Realm, SubjectFilter.Any))).Tokens);
    }

    [TestMethod]
    public async Task Issue_ByTokenOfAnotherRealmOrOneThatEnded_IsRejected()
    {
        await using TestNode kit = await TestNode.StartAsync(configure: builder => builder.AddRealm("other", realm => realm.Prefix = "other"));
        ApiToken foreign = ((IssueResult.Issued)await kit.Tokens.IssueAsync(new IssueRequest("other") { Scopes = ScopeSet.Create(ApiTokens.ManageScope) })).Token;
        ApiToken ending = (await kit.IssueAsync(change: request => request with
        {
            Scopes = ScopeSet.Create(ApiTokens.ManageScope),
            Expiry = TokenExpiry.After(TimeSpan.FromDays(1)),
        })).Token;

        await AssertRejectedAsync(kit, RejectionReason.MayNotManage, request => request with { Actor = TokenActor.For(foreign) });
        kit.Clock.Advance(TimeSpan.FromDays(1));
        await AssertRejectedAsync(kit, RejectionReason.ActorEnded, request => request with { Actor = TokenActor.For(ending) });
        Assert.AreEqual(
            new UpdateResult.Rejected(RejectionReason.MayNotManage),
            await kit.Tokens.UpdateAsync(new UpdateRequest(TestNode.Realm, ending.Id, SubjectFilter.Any) { Actor = TokenActor.For(foreign), Name = "x" }));
    }

    [TestMethod]
    public async Task Issue_WhatTheHostSaysWrong_Throws()
    {
        await using TestNode kit = await TestNode.StartAsync();
        await Assert.ThrowsExactlyAsync<ArgumentException>(() => kit.IssueAsync(subject: new string('x', 257)));
        await Assert.ThrowsExactlyAsync<ArgumentException>(() => kit.IssueAsync(change: request => request with { Actor = TokenActor.Person(new string('x', 257)) }));
        await Assert.ThrowsExactlyAsync<ArgumentException>(() => kit.IssueAsync(change: request => request with { WireData = new string('é', 513) }));
        await Assert.ThrowsExactlyAsync<ArgumentException>(() => kit.IssueAsync(change: request => request with { WireData = "a\ud800" }));
        await Assert.ThrowsExactlyAsync<ArgumentException>(() => kit.IssueAsync(subject: null!));
        await Assert.ThrowsExactlyAsync<ArgumentException>(() => kit.Tokens.IssueAsync(new IssueRequest("missing")));
        await kit.IssueAsync(subject: new string('x', 256), change: request => request with { WireData = new string('é', 512) });
    }

    [TestMethod]
    public async Task Issue_Instants_AreWholeMicroseconds()
    {
        await using TestNode kit = await TestNode.StartAsync();
        kit.Clock.Advance(TimeSpan.FromTicks(12_345_678));

        ApiToken token = (await kit.IssueAsync()).Token;

        Assert.AreEqual(0, token.CreatedAt.Ticks % 10);
        Assert.AreEqual(kit.Clock.GetUtcNow().AddTicks(-8), token.CreatedAt);
        Assert.AreEqual(token, await kit.Tokens.FindAsync(TestNode.Realm, token.Id, SubjectFilter.Any));
    }

    [TestMethod]
    public async Task Issue_StoreDown_ThrowsAndNothingIsThere()
    {
        await using TestNode kit = await TestNode.StartAsync();
        kit.Store.IsDown = true;
        await Assert.ThrowsExactlyAsync<TokenStoreException>(() => kit.IssueAsync());
        kit.Store.IsDown = false;
        Assert.IsEmpty((await kit.Tokens.ListAsync(new TokenQuery(TestNode.Realm, SubjectFilter.Any))).Tokens);
    }

    private static async Task AssertRejectedAsync(TestNode kit, RejectionReason problem, Func<IssueRequest, IssueRequest>? change = null)
    {
        var request = new IssueRequest(TestNode.Realm) { Subject = "1000", Name = "CI" };
        Assert.AreEqual(new IssueResult.Rejected(problem), await kit.Tokens.IssueAsync(change?.Invoke(request) ?? request));
    }

    /// <summary>Makes each change, lets a purge of an instant to come pass, and makes it again.</summary>
    private sealed class RepeatingStore(ITokenStore store) : ITokenStore
    {
        public ValueTask<StoredToken?> FindAsync(Guid id, CancellationToken cancellationToken) => store.FindAsync(id, cancellationToken);

        public ValueTask<TokenPage> ListAsync(TokenQuery query, CancellationToken cancellationToken) => store.ListAsync(query, cancellationToken);

        public ValueTask<long> CountAsync(string realm, SubjectFilter owner, CancellationToken cancellationToken) => store.CountAsync(realm, owner, cancellationToken);

        public async ValueTask<CommitResult> CommitAsync(TokenChange change, CancellationToken cancellationToken)
        {
            await store.CommitAsync(change, cancellationToken);
            await store.CommitBatchAsync(new TokenBatch.Purge(new StoppedClock(change.Now), change.Now.AddDays(1)), cancellationToken);
            return await store.CommitAsync(change, cancellationToken);
        }

        public ValueTask<int> CommitBatchAsync(TokenBatch batch, CancellationToken cancellationToken) => store.CommitBatchAsync(batch, cancellationToken);
    }

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
