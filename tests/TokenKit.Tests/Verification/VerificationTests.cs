using TokenKit.Format;
using TokenKit.StoreConformance;
using TokenKit.Stores;
using TokenKit.TestKit;

namespace TokenKit.Tests.Verification;

[TestClass]
public sealed class VerificationTests
{
    [TestMethod]
    public async Task Verify_IssuedToken_IsValidWithoutAnyHash()
    {
        await using TestNode kit = await TestNode.StartAsync();
        IssueResult.Issued issued = await kit.IssueAsync();

        VerificationResult result = await kit.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal());

        Assert.AreEqual(issued.Token.Id, ((VerificationResult.Valid)result).Token.Id);
        Assert.AreEqual(0, kit.Hasher.Verifications);
        Assert.AreEqual(1, kit.Meter.Count("tokenkit.proof_cache.hits"));
        Assert.AreEqual(1, kit.Meter.Count("tokenkit.verifications", "tokenkit.outcome=valid"));
    }

    [TestMethod]
    public async Task Verify_PartOfALongerText_IsVerifiedWithoutTheRest()
    {
        await using TestNode first = await TestNode.StartAsync();
        await using TestNode second = await TestNode.StartAsync(store: first.Store.Inner);
        string text = (await first.IssueAsync()).Plaintext.Reveal();
        ReadOnlyMemory<char> part = $"Bearer {text}, more".AsMemory(7, text.Length);

        // The second node has to hash it, and knows it then as the whole text too.
        Assert.IsInstanceOfType<VerificationResult.Valid>(await second.Tokens.VerifyAsync(TestNode.Realm, part));
        Assert.IsInstanceOfType<VerificationResult.Valid>(await second.Tokens.VerifyAsync(TestNode.Realm, text));
        Assert.AreEqual(1, second.Hasher.Verifications);
    }

    [TestMethod]
    public async Task Verify_OnAnotherNode_HashesOnceAndNeverAgain()
    {
        await using TestNode first = await TestNode.StartAsync();
        await using TestNode second = await TestNode.StartAsync(store: first.Store.Inner);
        string text = (await first.IssueAsync()).Plaintext.Reveal();

        for (int i = 0; i < 5; i++)
        {
            Assert.IsInstanceOfType<VerificationResult.Valid>(await second.Tokens.VerifyAsync(TestNode.Realm, text));
        }

        Assert.AreEqual(1, second.Hasher.Verifications);
        Assert.AreEqual(1, second.Meter.Count("tokenkit.hash.runs", "tokenkit.purpose=verify"));
    }

    [TestMethod]
    public async Task Verify_ManyAtOnceWithNoProofKnown_HashOnce()
    {
        await using TestNode first = await TestNode.StartAsync();
        await using TestNode second = await TestNode.StartAsync(store: first.Store.Inner);
        string text = (await first.IssueAsync()).Plaintext.Reveal();
        using var release = new ManualResetEventSlim();
        second.Hasher.DuringVerification = () => release.Wait(TimeSpan.FromSeconds(30));

        Task<VerificationResult>[] verifying = [.. Enumerable.Range(0, 32).Select(_ => second.Tokens.VerifyAsync(TestNode.Realm, text).AsTask())];
        release.Set();
        VerificationResult[] results = await Task.WhenAll(verifying);

        Assert.IsTrue(results.All(result => result is VerificationResult.Valid));
        Assert.AreEqual(1, second.Hasher.Verifications);
    }

    [TestMethod]
    [DataRow("revoked")]
    [DataRow("expired")]
    [DataRow("suspended")]
    public async Task Verify_DeadTokenWithItsSecret_IsRefusedForItsReasonWithoutHash(string state)
    {
        await using TestNode kit = await TestNode.StartAsync();
        await using TestNode other = await TestNode.StartAsync(store: kit.Store.Inner);
        IssueResult.Issued issued = await kit.IssueAsync();
        await EndAsync(kit, issued.Token, state);
        other.Clock.Advance(kit.Clock.GetUtcNow() - other.Clock.GetUtcNow());

        foreach (TestNode node in new[] { kit, other })
        {
            var refused = (VerificationResult.Refused)await node.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal());
            Assert.AreEqual(state, refused.Reason.ToString(), ignoreCase: true);
            Assert.AreEqual(issued.Token.Id, refused.TokenId);
            Assert.AreEqual(0, node.Hasher.Verifications);
        }
    }

    [TestMethod]
    [DataRow("living")]
    [DataRow("revoked")]
    [DataRow("expired")]
    [DataRow("suspended")]
    public async Task Verify_ForgedSecretForKnownId_LooksLikeAnUnknownIdEverywhere(string state)
    {
        await using TestNode kit = await TestNode.StartAsync();
        IssueResult.Issued issued = await kit.IssueAsync();
        await EndAsync(kit, issued.Token, state);
        string forged = TokenText.Write("acme", issued.Token.Id, new byte[TokenText.SecretBytes]);
        string unknown = TokenText.Write("acme", TokenId.Create(kit.Clock.GetUtcNow()), new byte[TokenText.SecretBytes]);
        int linesBefore = kit.Logs.Lines.Count;

        VerificationResult forUnknown = await kit.Tokens.VerifyAsync(TestNode.Realm, unknown);
        VerificationResult forForged = await kit.Tokens.VerifyAsync(TestNode.Realm, forged);

        Assert.AreEqual(new VerificationResult.Refused(RefusalReason.Unrecognized), forUnknown);
        Assert.AreEqual(forUnknown, forForged);
        Assert.AreEqual(0, kit.Hasher.Verifications);
        string[] lines = [.. kit.Logs.Lines.Skip(linesBefore)];
        Assert.HasCount(2, lines);
        Assert.AreEqual(lines[0], lines[1]);
        IReadOnlyList<string> tags = kit.Meter.TagsOf("tokenkit.verifications");
        Assert.AreEqual(tags[^2], tags[^1]);
        Assert.IsNull((await kit.Tokens.FindAsync(TestNode.Realm, issued.Token.Id, SubjectFilter.Any))!.LastUsedAt);
    }

    [TestMethod]
    [DataRow("", RefusalReason.Foreign, "foreign")]
    [DataRow("acme", RefusalReason.Foreign, "foreign")]
    [DataRow("acme_", RefusalReason.Malformed, "refused")]
    [DataRow("acme_x", RefusalReason.Malformed, "refused")]
    [DataRow("acmee_x", RefusalReason.Foreign, "foreign")]
    [DataRow("ACME_x", RefusalReason.Foreign, "foreign")]
    [DataRow("Bearer x", RefusalReason.Foreign, "foreign")]
    [DataRow("eyJhbGciOiJIUzI1NiJ9.e30.abc", RefusalReason.Foreign, "foreign")]
    [DataRow("\ud800", RefusalReason.Foreign, "foreign")]
    public async Task Verify_NoToken_IsRefusedWithoutAnyRead(string text, RefusalReason reason, string outcome)
    {
        await using TestNode kit = await TestNode.StartAsync();

        Assert.AreEqual(new VerificationResult.Refused(reason), await kit.Tokens.VerifyAsync(TestNode.Realm, text));
        Assert.AreEqual(1, kit.Meter.Count("tokenkit.verifications", $"tokenkit.outcome={outcome}"));
        Assert.AreEqual(new VerificationResult.Refused(RefusalReason.Foreign), await kit.Tokens.VerifyAsync(TestNode.Realm, new string('x', 10_000_000)));
        Assert.AreEqual(0, kit.Store.Finds);
    }

    [TestMethod]
    public async Task Verify_InAnotherRealm_IsRefused()
    {
        await using TestNode kit = await TestNode.StartAsync(configure: builder => builder
            .AddRealm("same-prefix", realm => realm.Prefix = "acme")
            .AddRealm("other-prefix", realm => realm.Prefix = "other"));
        string text = (await kit.IssueAsync()).Plaintext.Reveal();

        Assert.AreEqual(new VerificationResult.Refused(RefusalReason.Unrecognized), await kit.Tokens.VerifyAsync("same-prefix", text));
        Assert.AreEqual(new VerificationResult.Refused(RefusalReason.Foreign), await kit.Tokens.VerifyAsync("other-prefix", text));
        await Assert.ThrowsExactlyAsync<ArgumentException>(async () => await kit.Tokens.VerifyAsync("missing", text));
    }

    [TestMethod]
    public async Task Verify_AfterRevocationReturned_IsRefusedOnEveryNode()
    {
        await using TestNode first = await TestNode.StartAsync();
        await using TestNode second = await TestNode.StartAsync(store: first.Store.Inner);
        IssueResult.Issued issued = await first.IssueAsync();
        string text = issued.Plaintext.Reveal();
        Assert.IsInstanceOfType<VerificationResult.Valid>(await second.Tokens.VerifyAsync(TestNode.Realm, text));

        await first.Tokens.RevokeAsync(TestNode.Realm, issued.Token.Id, SubjectFilter.Is("1000"));

        Assert.AreEqual(new VerificationResult.Refused(RefusalReason.Revoked, issued.Token.Id), await second.Tokens.VerifyAsync(TestNode.Realm, text));
        Assert.AreEqual(new VerificationResult.Refused(RefusalReason.Revoked, issued.Token.Id), await first.Tokens.VerifyAsync(TestNode.Realm, text));
    }

    [TestMethod]
    public async Task Verify_RevokedWhileHashing_IsRefused()
    {
        await using TestNode first = await TestNode.StartAsync();
        await using TestNode second = await TestNode.StartAsync(store: first.Store.Inner);
        IssueResult.Issued issued = await first.IssueAsync();
        second.Hasher.DuringVerification = () =>
            first.Tokens.RevokeAsync(TestNode.Realm, issued.Token.Id, SubjectFilter.Any).GetAwaiter().GetResult();

        Assert.AreEqual(
            new VerificationResult.Refused(RefusalReason.Revoked, issued.Token.Id),
            await second.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal()));
    }

    [TestMethod]
    public async Task Verify_ExpiredWhileHashing_IsRefused()
    {
        await using TestNode first = await TestNode.StartAsync();
        await using TestNode second = await TestNode.StartAsync(store: first.Store.Inner);
        IssueResult.Issued issued = await first.IssueAsync(change: request => request with { Expiry = TokenExpiry.After(TimeSpan.FromSeconds(1)) });
        second.Hasher.DuringVerification = () => second.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.AreEqual(
            new VerificationResult.Refused(RefusalReason.Expired, issued.Token.Id),
            await second.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal()));
    }

    [TestMethod]
    public async Task Verify_DeletedWhileHashing_IsUnrecognized()
    {
        await using TestNode first = await TestNode.StartAsync();
        await using TestNode second = await TestNode.StartAsync(store: first.Store.Inner);
        IssueResult.Issued issued = await first.IssueAsync();
        second.Hasher.DuringVerification = () =>
            first.Tokens.DeleteAsync(TestNode.Realm, issued.Token.Id, SubjectFilter.Any).GetAwaiter().GetResult();

        Assert.AreEqual(
            new VerificationResult.Refused(RefusalReason.Unrecognized),
            await second.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal()));
    }

    [TestMethod]
    public async Task Verify_HashMovedToAnotherRow_IsUnrecognized()
    {
        await using TestNode kit = await TestNode.StartAsync();
        IssueResult.Issued victim = await kit.IssueAsync();
        StoredToken row = (await kit.Store.FindAsync(victim.Token.Id, CancellationToken.None))!;
        Guid id = TokenId.Create(kit.Clock.GetUtcNow());
        byte[] secret = new byte[TokenText.SecretBytes];
        TokenText.TryReadSecret(victim.Plaintext.Reveal(), secret);
        string text = TokenText.Write("acme", id, secret);
        StoredToken moved = row.WithSecret(secret => secret with { Hint = TokenText.HintOf(text) }) with { Id = id, Subject = "1" };
        await kit.Store.CommitAsync(new TokenChange.Issue(TimeProvider.System, moved, TokenActor.Host), CancellationToken.None);

        // The same secret under the other id: the tag matches, the hash does not, since it covers the id too.
        Assert.AreEqual(new VerificationResult.Refused(RefusalReason.Unrecognized), await kit.Tokens.VerifyAsync(TestNode.Realm, text));
        Assert.AreEqual(1, kit.Hasher.Verifications);
    }

    [TestMethod]
    public async Task Verify_OwnSecretBehindAnotherPrefixOfTheRealm_IsUnrecognizedWithoutHash()
    {
        await using TestNode kit = await TestNode.StartAsync(realm => realm.AddKind("session", kind => kind.Prefix = "sess").FormerPrefixes.Add("acme_old"));
        IssueResult.Issued issued = await kit.IssueAsync();
        byte[] secret = new byte[TokenText.SecretBytes];
        TokenText.TryReadSecret(issued.Plaintext.Reveal(), secret);

        foreach (string prefix in new[] { "sess", "acme_old" })
        {
            Assert.AreEqual(
                new VerificationResult.Refused(RefusalReason.Unrecognized),
                await kit.Tokens.VerifyAsync(TestNode.Realm, TokenText.Write(prefix, issued.Token.Id, secret)));
        }

        Assert.AreEqual(0, kit.Hasher.Verifications);
    }

    [TestMethod]
    public async Task Verify_UnusableHash_IsRefusedAndLogged()
    {
        await using TestNode kit = await TestNode.StartAsync();
        IssueResult.Issued issued = await kit.IssueAsync();
        StoredToken row = (await kit.Store.FindAsync(issued.Token.Id, CancellationToken.None))!;
        await kit.Tokens.DeleteAsync(TestNode.Realm, row.Id, SubjectFilter.Any);
        await kit.Store.CommitAsync(
            new TokenChange.Issue(TimeProvider.System, row.WithSecret(secret => secret with { Hash = "$argon2id$v=19$m=4000000000,t=2,p=1$x$y" }), TokenActor.Host), CancellationToken.None);

        Assert.AreEqual(
            new VerificationResult.Refused(RefusalReason.UnusableHash, row.Id),
            await kit.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal()));
        Assert.IsTrue(kit.Logs.Lines.Any(line => line.StartsWith("102 ", StringComparison.Ordinal)));
        Assert.AreEqual(1, kit.Meter.Count("tokenkit.verifications", "tokenkit.reason=unusable_hash"));
        Assert.AreEqual(0, kit.Meter.Count("tokenkit.hash.runs", "tokenkit.purpose=verify"));
    }

    [TestMethod]
    public async Task Verify_HashReplacedWhileHashing_IsJudgedByTheNewHash()
    {
        await using TestNode first = await TestNode.StartAsync();
        await using TestNode second = await TestNode.StartAsync(store: first.Store.Inner);
        IssueResult.Issued issued = await first.IssueAsync();
        bool replaced = false;
        second.Hasher.DuringVerification = () =>
        {
            if (!replaced)
            {
                replaced = true;
                string another = first.Hasher.Hash("another"u8, CancellationToken.None);
                StoredToken row = first.Store.FindAsync(issued.Token.Id, CancellationToken.None).AsTask().GetAwaiter().GetResult()!;
                first.Tokens.DeleteAsync(TestNode.Realm, row.Id, SubjectFilter.Any).GetAwaiter().GetResult();
                first.Store.CommitAsync(new TokenChange.Issue(TimeProvider.System, row.WithSecret(secret => secret with { Hash = another }), TokenActor.Host), CancellationToken.None)
                    .AsTask().GetAwaiter().GetResult();
            }
        };

        Assert.AreEqual(
            new VerificationResult.Refused(RefusalReason.Unrecognized),
            await second.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal()));
        Assert.AreEqual(2, second.Hasher.Verifications);
    }

    [TestMethod]
    public async Task Verify_StoreDown_IsUnavailableAndNeverInvalid()
    {
        await using TestNode kit = await TestNode.StartAsync();
        string text = (await kit.IssueAsync()).Plaintext.Reveal();
        kit.Store.IsDown = true;

        Assert.IsInstanceOfType<VerificationResult.Unavailable>(await kit.Tokens.VerifyAsync(TestNode.Realm, text));
        kit.Store.IsDown = false;
        Assert.IsInstanceOfType<VerificationResult.Valid>(await kit.Tokens.VerifyAsync(TestNode.Realm, text));
    }

    [TestMethod]
    public async Task Verify_FormerPrefix_StillVerifies()
    {
        await using TestNode before = await TestNode.StartAsync();
        string text = (await before.IssueAsync()).Plaintext.Reveal();
        await using TestNode after = await TestNode.StartAsync(
            realm =>
            {
                realm.Prefix = "neu";
                realm.FormerPrefixes.Add("acme");
            },
            store: before.Store.Inner);
        await using TestNode without = await TestNode.StartAsync(realm => realm.Prefix = "neu", store: before.Store.Inner);

        Assert.IsInstanceOfType<VerificationResult.Valid>(await after.Tokens.VerifyAsync(TestNode.Realm, text));
        Assert.AreEqual(new VerificationResult.Refused(RefusalReason.Foreign), await without.Tokens.VerifyAsync(TestNode.Realm, text));
        Assert.StartsWith("neu_", (await after.IssueAsync()).Plaintext.Reveal());
    }

    [TestMethod]
    public async Task EverythingSaid_OverAWholeLife_HoldsNoSecretAndNoHash()
    {
        await using TestNode kit = await TestNode.StartAsync();
        IssueResult.Issued issued = await kit.IssueAsync();
        string text = issued.Plaintext.Reveal();
        StoredToken row = (await kit.Store.FindAsync(issued.Token.Id, CancellationToken.None))!;
        await kit.Tokens.VerifyAsync(TestNode.Realm, text);
        await kit.Tokens.UpdateAsync(new UpdateRequest(TestNode.Realm, row.Id, SubjectFilter.Any) { Suspended = true });
        await kit.Tokens.VerifyAsync(TestNode.Realm, text);
        await kit.Tokens.RevokeAsync(TestNode.Realm, row.Id, SubjectFilter.Any);
        await kit.Tokens.VerifyAsync(TestNode.Realm, text);
        await kit.Tokens.RevokeAllAsync(TestNode.Realm, SubjectFilter.Any, spared: null);
        await kit.Tokens.DeleteAsync(TestNode.Realm, row.Id, SubjectFilter.Any);

        string said = string.Join('\n', [.. kit.Logs.Lines, issued.ToString(), row.ToString(), new TokenChange.Issue(TimeProvider.System, row, TokenActor.Host).ToString()]);
        Assert.DoesNotContain(text, said);
        Assert.DoesNotContain(text[28..71], said);
        Assert.DoesNotContain(row.Secret.Hash, said);
        Assert.Contains(row.Id.ToString(), said);
    }

    private static async Task EndAsync(TestNode kit, ApiToken token, string state)
    {
        switch (state)
        {
            case "revoked":
                await kit.Tokens.RevokeAsync(TestNode.Realm, token.Id, SubjectFilter.Any);
                break;
            case "expired":
                kit.Clock.Advance(token.ExpiresAt!.Value - kit.Clock.GetUtcNow());
                break;
            case "suspended":
                await kit.Tokens.UpdateAsync(new UpdateRequest(TestNode.Realm, token.Id, SubjectFilter.Any) { Suspended = true });
                break;
        }
    }
}
