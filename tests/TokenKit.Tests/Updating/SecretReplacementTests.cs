using System.Text;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.Recovery;
using TokenKit.TestKit;

namespace TokenKit.Tests.Updating;

/// <summary>A token gets another secret: what it is stays, and only the new plaintext proves it.</summary>
[TestClass]
public sealed class SecretReplacementTests
{
    [TestMethod]
    public async Task Replace_Alone_KeepsTheTokenAndRefusesTheFormerPlaintextOnEveryNode()
    {
        await using TestNode kit = await TestNode.StartAsync();
        await using TestNode other = await TestNode.StartAsync(store: kit.Store.Inner);
        IssueResult.Issued issued = await kit.IssueAsync();
        Assert.IsInstanceOfType<VerificationResult.Valid>(await other.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal()));
        kit.Clock.Advance(TimeSpan.FromMinutes(1));

        (ApiToken token, string plaintext) = await ReplaceAsync(kit, issued.Token.Id);

        Assert.AreEqual(issued.Token with { Hint = token.Hint, UpdatedAt = kit.Clock.GetUtcNow(), Version = 2 }, token with { LastUsedAt = null });
        Assert.AreNotEqual(issued.Plaintext.Reveal(), plaintext);
        foreach (TestNode node in new[] { kit, other })
        {
            Assert.AreEqual(
                new VerificationResult.Refused(RefusalReason.Unrecognized),
                await node.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal()));
            Assert.IsInstanceOfType<VerificationResult.Valid>(await node.Tokens.VerifyAsync(TestNode.Realm, plaintext));
        }

        // The node that told the plaintext knows it; the other hashed each of the two once, and not for the refusal.
        Assert.AreEqual((0, 2), (kit.Hasher.Verifications, other.Hasher.Verifications));
        string logs = string.Join('\n', kit.Logs.Lines);
        Assert.Contains($"210 The secret of token {token.Id} in realm api was replaced.", logs);
        Assert.DoesNotContain(plaintext, logs);
    }

    [TestMethod]
    public async Task Replace_WhileTheFormerPlaintextIsBeingHashed_RefusesIt()
    {
        await using TestNode kit = await TestNode.StartAsync();
        await using TestNode other = await TestNode.StartAsync(store: kit.Store.Inner);
        IssueResult.Issued issued = await kit.IssueAsync();
        other.Hasher.DuringVerification = () => ReplaceAsync(kit, issued.Token.Id).GetAwaiter().GetResult();

        Assert.AreEqual(
            new VerificationResult.Refused(RefusalReason.Unrecognized),
            await other.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal()));
    }

    [TestMethod]
    public async Task Replace_WithOtherChanges_MakesThemTogether()
    {
        await using TestNode kit = await TestNode.StartAsync();
        Guid id = (await kit.IssueAsync()).Token.Id;

        (ApiToken token, string plaintext) = await ReplaceAsync(kit, id, request => request with { Name = "renamed", Suspended = true });

        Assert.AreEqual(("renamed", 2), (token.Name, token.Version));
        Assert.AreEqual(new VerificationResult.Refused(RefusalReason.Suspended, id), await kit.Tokens.VerifyAsync(TestNode.Realm, plaintext));
    }

    [TestMethod]
    public async Task Replace_InARealmThatKeepsCopies_ReplacesTheCopy()
    {
        await using TestNode kit = await TestNode.StartAsync(
            realm => realm.KeepRecoverableCopies = true,
            builder => builder.Services.AddSingleton<ITokenProtector>(new PlainProtector()));
        Guid id = (await kit.IssueAsync()).Token.Id;

        (_, string plaintext) = await ReplaceAsync(kit, id);

        Assert.AreEqual(plaintext, (await kit.Tokens.RecoverAsync(TestNode.Realm, id, SubjectFilter.Any))?.Reveal());
    }

    [TestMethod]
    public async Task Replace_ByAToken_GivesNothingThatItLacks()
    {
        await using TestNode kit = await TestNode.StartAsync(realm => realm.MayNeverExpire = true);
        ApiToken acting = (await kit.IssueAsync(change: request => request with
        {
            Scopes = ScopeSet.Create(ApiTokens.ManageScope, "read"),
            Expiry = TokenExpiry.After(TimeSpan.FromDays(1)),
        })).Token;
        IssueResult.Issued strong = await kit.IssueAsync();
        ApiToken weak = (await kit.IssueAsync(change: request => request with { Scopes = ScopeSet.Create("read"), Expiry = TokenExpiry.Never })).Token;

        Assert.AreEqual(
            new UpdateResult.Rejected(RejectionReason.ScopesExceedIssuer),
            await kit.Tokens.UpdateAsync(Request(strong.Token.Id) with { Actor = TokenActor.For(acting) }));
        Assert.IsInstanceOfType<VerificationResult.Valid>(await kit.Tokens.VerifyAsync(TestNode.Realm, strong.Plaintext.Reveal()));
        var updated = (UpdateResult.Updated)await kit.Tokens.UpdateAsync(Request(weak.Id) with { Actor = TokenActor.For(acting) });
        Assert.AreEqual((acting.ExpiresAt, true), (updated.Token.ExpiresAt, updated.ExpiryClamped));
    }

    [TestMethod]
    public async Task Replace_ByATokenThatIsRevokedWhileItWaitsForAHash_ChangesNothing()
    {
        await using TestNode kit = await TestNode.StartAsync();
        ApiToken acting = (await kit.IssueAsync(change: request => request with { Scopes = ScopeSet.Create(ApiTokens.ManageScope, "read") })).Token;
        IssueResult.Issued token = await kit.IssueAsync(change: request => request with { Scopes = ScopeSet.Create("read") });
        kit.Hasher.DuringHash = () => kit.Tokens.RevokeAsync(TestNode.Realm, acting.Id, SubjectFilter.Any).GetAwaiter().GetResult();

        Assert.AreEqual(
            new UpdateResult.Rejected(RejectionReason.ActorEnded),
            await kit.Tokens.UpdateAsync(Request(token.Token.Id) with { Actor = TokenActor.For(acting) }));
        Assert.IsInstanceOfType<VerificationResult.Valid>(await kit.Tokens.VerifyAsync(TestNode.Realm, token.Plaintext.Reveal()));
    }

    [TestMethod]
    public async Task Replace_WhileTooMuchWaitsToBeHashed_IsUnavailableAndChangesNothing()
    {
        await using TestNode kit = await TestNode.StartAsync(configure: builder => builder.ConfigureHashing(options =>
        {
            options.MaximumConcurrency = 1;
            options.QueueLimit = 0;
        }));
        IssueResult.Issued issued = await kit.IssueAsync();
        using var entered = new SemaphoreSlim(0);
        using var free = new ManualResetEventSlim();
        kit.Hasher.DuringHash = () =>
        {
            entered.Release();
            free.Wait();
        };
        Task<IssueResult.Issued> blocking = kit.IssueAsync();
        await entered.WaitAsync();

        UpdateResult result = await kit.Tokens.UpdateAsync(Request(issued.Token.Id) with { Name = "renamed" });

        free.Set();
        await blocking;
        Assert.IsInstanceOfType<UpdateResult.Unavailable>(result, result.ToString());
        Assert.AreEqual(issued.Token, await kit.Tokens.FindAsync(TestNode.Realm, issued.Token.Id, SubjectFilter.Any));
    }

    [TestMethod]
    public async Task Replace_ManyAtOnce_LeavesOneOfThePlaintexts()
    {
        await using TestNode kit = await TestNode.StartAsync();
        IssueResult.Issued issued = await kit.IssueAsync();
        int hashes = 0;
        kit.Hasher.DuringHash = () => Interlocked.Increment(ref hashes);

        UpdateResult[] results = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => kit.Tokens.UpdateAsync(Request(issued.Token.Id)))));

        // Each is made, one after the other, with one hash however often it met another.
        UpdateResult.Updated[] updated = [.. results.Cast<UpdateResult.Updated>()];
        Assert.AreEqual(4, hashes);
        int last = 0;
        foreach (UpdateResult.Updated one in updated)
        {
            VerificationResult verified = await kit.Tokens.VerifyAsync(TestNode.Realm, one.Plaintext!.Reveal());
            Assert.AreEqual(one.Token.Version == 5, verified is VerificationResult.Valid);
            last += verified is VerificationResult.Valid ? 1 : 0;
        }

        Assert.AreEqual(1, last);
    }

    [TestMethod]
    public async Task Replace_ThatMeetsAnotherChange_KeepsThatAndHashesOnce()
    {
        await using TestNode kit = await TestNode.StartAsync();
        await using TestNode other = await TestNode.StartAsync(store: kit.Store.Inner);
        Guid id = (await kit.IssueAsync()).Token.Id;
        int hashes = 0;
        kit.Hasher.DuringHash = () => hashes++;
        kit.Store.BeforeCommit = () =>
        {
            kit.Store.BeforeCommit = null;
            other.Tokens.UpdateAsync(new UpdateRequest(TestNode.Realm, id, SubjectFilter.Any) { Name = "theirs" }).GetAwaiter().GetResult();
        };

        (ApiToken token, string plaintext) = await ReplaceAsync(kit, id);

        Assert.AreEqual(("theirs", 3L, 1), (token.Name, token.Version, hashes));
        Assert.IsInstanceOfType<VerificationResult.Valid>(await kit.Tokens.VerifyAsync(TestNode.Realm, plaintext));
    }

    [TestMethod]
    public async Task Update_WithoutIt_TellsNoPlaintext()
    {
        await using TestNode kit = await TestNode.StartAsync();
        IssueResult.Issued issued = await kit.IssueAsync();

        var updated = (UpdateResult.Updated)await kit.Tokens.UpdateAsync(Request(issued.Token.Id) with { ReplaceSecret = false, Name = "renamed" });

        Assert.IsNull(updated.Plaintext);
        Assert.IsInstanceOfType<VerificationResult.Valid>(await kit.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal()));
    }

    private static UpdateRequest Request(Guid id) => new(TestNode.Realm, id, SubjectFilter.Is("1000")) { ReplaceSecret = true };

    private static async Task<(ApiToken Token, string Plaintext)> ReplaceAsync(TestNode kit, Guid id, Func<UpdateRequest, UpdateRequest>? change = null)
    {
        UpdateResult result = await kit.Tokens.UpdateAsync(change?.Invoke(Request(id)) ?? Request(id));
        Assert.IsInstanceOfType<UpdateResult.Updated>(result, result.ToString());
        var updated = (UpdateResult.Updated)result;
        return (updated.Token, updated.Plaintext!.Reveal());
    }

    private sealed class PlainProtector : ITokenProtector
    {
        public byte[] Protect(ReadOnlySpan<byte> plaintext) => plaintext.ToArray();

        public bool TryUnprotect(ReadOnlySpan<byte> ciphertext, out byte[] plaintext)
        {
            plaintext = ciphertext.ToArray();
            return Encoding.ASCII.GetString(plaintext).Length > 0;
        }
    }
}
