using TokenKit.Format;
using TokenKit.Hashing;
using TokenKit.StoreConformance;
using TokenKit.Stores;
using TokenKit.TestKit;

namespace TokenKit.Tests.Hashing;

/// <summary>Nodes over one store, with and without keys outside the database.</summary>
[TestClass]
public sealed class KeyRingTests
{
    [TestMethod]
    public async Task Verify_KeyAtHand_NeedsNoHashOnAnyNode()
    {
        await using TestNode first = await TestNode.StartAsync(configure: KeyRings.With("k1"));
        string text = (await first.IssueAsync()).Plaintext.Reveal();
        await using TestNode second = await TestNode.StartAsync(configure: KeyRings.With("k1"), store: first.Store.Inner);

        for (int i = 0; i < 3; i++)
        {
            Assert.IsInstanceOfType<VerificationResult.Valid>(await second.Tokens.VerifyAsync(TestNode.Realm, text));
        }

        Assert.AreEqual(0, second.Hasher.Verifications);
        Assert.AreEqual(1, second.Meter.Count("tokenkit.key_ring.hits"));
        Assert.AreEqual(2, second.Meter.Count("tokenkit.proof_cache.hits"));
    }

    [TestMethod]
    public async Task Issue_WithKey_RowHoldsTagAndVerifierUnderIt()
    {
        await using TestNode kit = await TestNode.StartAsync(configure: KeyRings.With("k1", "k0"));
        IssueResult.Issued issued = await kit.IssueAsync();
        StoredToken row = await RowAsync(kit, issued);
        byte[] secret = SecretOf(issued);

        Assert.AreEqual("k1", row.Secret.KeyId);
        Assert.HasCount(8, row.Secret.Tag!);
        Assert.HasCount(32, row.Secret.Verifier!);
        CollectionAssert.AreNotEqual(SecretTag.Compute(secret), row.Secret.Tag);
    }

    [TestMethod]
    public async Task Verify_FormerKey_NeedsNoHash()
    {
        await using TestNode before = await TestNode.StartAsync(configure: KeyRings.With("k1"));
        string text = (await before.IssueAsync()).Plaintext.Reveal();
        await using TestNode after = await TestNode.StartAsync(configure: KeyRings.With("k2", "k1"), store: before.Store.Inner);

        Assert.IsInstanceOfType<VerificationResult.Valid>(await after.Tokens.VerifyAsync(TestNode.Realm, text));
        Assert.AreEqual(0, after.Hasher.Verifications);
    }

    [TestMethod]
    [DataRow("k2")]
    [DataRow(null)]
    public async Task Verify_KeyGone_HashAloneDecides(string? otherKey)
    {
        await using TestNode before = await TestNode.StartAsync(configure: KeyRings.With("k1"));
        IssueResult.Issued issued = await before.IssueAsync();
        await using TestNode after = await TestNode.StartAsync(
            configure: otherKey is null ? null : KeyRings.With(otherKey), store: before.Store.Inner);

        Assert.AreEqual(
            new VerificationResult.Refused(RefusalReason.Unrecognized),
            await after.Tokens.VerifyAsync(TestNode.Realm, TokenText.Write("acme", issued.Token.Id, new byte[32])));
        Assert.IsInstanceOfType<VerificationResult.Valid>(await after.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal()));
        Assert.AreEqual(2, after.Hasher.Verifications);
        Assert.AreEqual(1, after.Logs.Lines.Count(line => line.StartsWith("105 ", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task Verify_RowFromBeforeTheRing_KeepsVerifying()
    {
        await using TestNode before = await TestNode.StartAsync();
        IssueResult.Issued issued = await before.IssueAsync();
        await using TestNode after = await TestNode.StartAsync(configure: KeyRings.With("k1"), store: before.Store.Inner);

        // Its tag still keeps forged secrets from the hash.
        await after.Tokens.VerifyAsync(TestNode.Realm, TokenText.Write("acme", issued.Token.Id, new byte[32]));
        Assert.AreEqual(0, after.Hasher.Verifications);
        Assert.IsInstanceOfType<VerificationResult.Valid>(await after.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal()));
        Assert.AreEqual(1, after.Hasher.Verifications);
    }

    [TestMethod]
    public async Task Verify_ForgedSecretUnderTheRing_IsUnrecognizedWithoutHash()
    {
        await using TestNode first = await TestNode.StartAsync(configure: KeyRings.With("k1"));
        IssueResult.Issued issued = await first.IssueAsync();
        await using TestNode kit = await TestNode.StartAsync(
            realm => realm.FormerPrefixes.Add("acme_old"), KeyRings.With("k1"), first.Store.Inner);

        string[] forgeries = [TokenText.Write("acme", issued.Token.Id, new byte[32]), TokenText.Write("acme_old", issued.Token.Id, SecretOf(issued))];
        foreach (string forged in forgeries)
        {
            Assert.AreEqual(new VerificationResult.Refused(RefusalReason.Unrecognized), await kit.Tokens.VerifyAsync(TestNode.Realm, forged));
        }

        Assert.AreEqual(0, kit.Hasher.Verifications);
    }

    [TestMethod]
    public async Task Verify_VerifierMovedToAnotherRow_IsUnrecognized()
    {
        await using TestNode first = await TestNode.StartAsync(configure: KeyRings.With("k1"));
        IssueResult.Issued victim = await first.IssueAsync();
        StoredToken row = await RowAsync(first, victim);
        Guid id = TokenId.Create(first.Clock.GetUtcNow());
        string text = TokenText.Write("acme", id, SecretOf(victim));
        StoredToken moved = row.WithSecret(secret => secret with { Hint = TokenText.HintOf(text) }) with { Id = id };
        await first.Store.CommitAsync(new TokenChange.Issue(TimeProvider.System, moved, TokenActor.Host), CancellationToken.None);

        Assert.AreEqual(new VerificationResult.Refused(RefusalReason.Unrecognized), await first.Tokens.VerifyAsync(TestNode.Realm, text));
        Assert.AreEqual(0, first.Hasher.Verifications);
    }

    [TestMethod]
    public async Task Verify_KeyGoneAndForgedAgainAndAgain_RunsNoMoreHashesThanTheBudget()
    {
        await using TestNode before = await TestNode.StartAsync(configure: KeyRings.With("k1"));
        IssueResult.Issued[] issued = [await before.IssueAsync(), await before.IssueAsync(name: "other")];
        await using TestNode after = await TestNode.StartAsync(
            configure: builder => builder.ConfigureVerification(options => options.UnprovenHashesPerMinute = 3), store: before.Store.Inner);
        after.Clock.Advance(TimeSpan.FromDays(1));

        for (byte i = 0; i < 20; i++)
        {
            byte[] guess = new byte[32];
            guess[0] = i;
            VerificationResult result = await after.Tokens.VerifyAsync(TestNode.Realm, TokenText.Write("acme", issued[0].Token.Id, guess));
            if (i < 3)
            {
                Assert.AreEqual(new VerificationResult.Refused(RefusalReason.Unrecognized), result);
            }
            else
            {
                Assert.IsInstanceOfType<VerificationResult.Unavailable>(result);
            }
        }

        // Never a false "invalid", and nobody else's budget.
        Assert.AreEqual(3, after.Hasher.Verifications);
        Assert.IsInstanceOfType<VerificationResult.Unavailable>(await after.Tokens.VerifyAsync(TestNode.Realm, issued[0].Plaintext.Reveal()));
        Assert.IsInstanceOfType<VerificationResult.Valid>(await after.Tokens.VerifyAsync(TestNode.Realm, issued[1].Plaintext.Reveal()));
        Assert.AreEqual(18, after.Meter.Count("tokenkit.hash.turned_away"));

        after.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.IsInstanceOfType<VerificationResult.Valid>(await after.Tokens.VerifyAsync(TestNode.Realm, issued[0].Plaintext.Reveal()));
    }

    [TestMethod]
    public async Task Verify_KeyGoneAndNoProofRemembered_GivesTheBudgetBack()
    {
        await using TestNode before = await TestNode.StartAsync(configure: KeyRings.With("k1"));
        string text = (await before.IssueAsync()).Plaintext.Reveal();
        await using TestNode after = await TestNode.StartAsync(
            configure: builder =>
            {
                builder.ConfigureVerification(options => options.UnprovenHashesPerMinute = 1);
                builder.ConfigureVerification(options => options.ProofCacheCapacity = 0);
            },
            store: before.Store.Inner);

        for (int i = 0; i < 5; i++)
        {
            Assert.IsInstanceOfType<VerificationResult.Valid>(await after.Tokens.VerifyAsync(TestNode.Realm, text));
        }
    }

    [TestMethod]
    [DataRow("revoked")]
    [DataRow("living")]
    public async Task Verify_KeyGoneAndForged_LooksLikeAnUnknownIdEverywhere(string state)
    {
        await using TestNode before = await TestNode.StartAsync(configure: KeyRings.With("k1"));
        IssueResult.Issued issued = await before.IssueAsync();
        await using TestNode after = await TestNode.StartAsync(store: before.Store.Inner);
        if (state == "revoked")
        {
            await after.Tokens.RevokeAsync(TestNode.Realm, issued.Token.Id, SubjectFilter.Any);
        }

        int linesBefore = after.Logs.Lines.Count;
        VerificationResult forged = await after.Tokens.VerifyAsync(TestNode.Realm, TokenText.Write("acme", issued.Token.Id, new byte[32]));
        Assert.AreEqual(new VerificationResult.Refused(RefusalReason.Unrecognized), forged);
        Assert.IsFalse(after.Logs.Lines.Skip(linesBefore).Any(line => line.Contains(issued.Token.Id.ToString(), StringComparison.Ordinal)));
        Assert.AreEqual(1, after.Hasher.Verifications);

        VerificationResult genuine = await after.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal());
        Assert.AreEqual(state == "revoked", genuine is VerificationResult.Refused { Reason: RefusalReason.Revoked });
    }

    [TestMethod]
    public async Task Verify_KeyGoneAndHashUnusable_NamesNobody()
    {
        await using TestNode before = await TestNode.StartAsync(configure: KeyRings.With("k1"));
        IssueResult.Issued issued = await before.IssueAsync();
        StoredToken row = await RowAsync(before, issued);
        await before.Tokens.DeleteAsync(TestNode.Realm, row.Id, SubjectFilter.Any);
        await before.Store.CommitAsync(new TokenChange.Issue(TimeProvider.System, row.WithSecret(secret => secret with { Hash = "unusable" }), TokenActor.Host), CancellationToken.None);
        await using TestNode after = await TestNode.StartAsync(store: before.Store.Inner);

        Assert.AreEqual(
            new VerificationResult.Refused(RefusalReason.Unrecognized),
            await after.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal()));
    }

    [TestMethod]
    public async Task Verify_ImportedWithoutTag_PaysTheGateUnderTheBudget()
    {
        await using TestNode kit = await TestNode.StartAsync(configure: builder => builder.ConfigureVerification(options => options.UnprovenHashesPerMinute = 1));
        IssueResult.Issued issued = await kit.IssueAsync();
        StoredToken row = await RowAsync(kit, issued);
        await kit.Tokens.DeleteAsync(TestNode.Realm, row.Id, SubjectFilter.Any);
        await kit.Store.CommitAsync(new TokenChange.Issue(TimeProvider.System, row.WithSecret(secret => secret with { Tag = null }), TokenActor.Host), CancellationToken.None);
        await using TestNode other = await TestNode.StartAsync(store: kit.Store.Inner);

        Assert.IsInstanceOfType<VerificationResult.Valid>(await other.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal()));
        Assert.AreEqual(1, other.Hasher.Verifications);
    }

    [TestMethod]
    public async Task EverythingSaid_OverALifeWithKeys_HoldsNoKey()
    {
        await using TestNode first = await TestNode.StartAsync(configure: KeyRings.With("k1"));
        string text = (await first.IssueAsync()).Plaintext.Reveal();
        await using TestNode second = await TestNode.StartAsync(configure: KeyRings.With("k2"), store: first.Store.Inner);
        await second.Tokens.VerifyAsync(TestNode.Realm, text);

        string said = string.Join('\n', [.. first.Logs.Lines, .. second.Logs.Lines]);
        foreach (string id in new[] { "k1", "k2" })
        {
            Assert.DoesNotContain(Convert.ToBase64String(KeyRings.KeyOf(id)), said);
            Assert.DoesNotContain(Convert.ToHexString(KeyRings.KeyOf(id)), said, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static byte[] SecretOf(IssueResult.Issued issued)
    {
        byte[] secret = new byte[TokenText.SecretBytes];
        TokenText.TryReadSecret(issued.Plaintext.Reveal(), secret);
        return secret;
    }

    private static async Task<StoredToken> RowAsync(TestNode kit, IssueResult.Issued issued) =>
        (await kit.Store.FindAsync(issued.Token.Id, CancellationToken.None))!;
}
