using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using TokenKit.Recovery;
using TokenKit.StoreConformance;
using TokenKit.Stores;
using TokenKit.TestKit;

namespace TokenKit.Tests.Recovery;

[TestClass]
public sealed class RecoveryTests
{
    [TestMethod]
    public async Task Recover_RealmThatKeepsCopies_ShowsThePlaintextUntilRevoked()
    {
        await using TestNode kit = await StartAsync();
        IssueResult.Issued issued = await kit.IssueAsync();

        TokenPlaintext? recovered = await kit.Tokens.RecoverAsync(TestNode.Realm, issued.Token.Id, SubjectFilter.Is("1000"));

        Assert.AreEqual(issued.Plaintext.Reveal(), recovered?.Reveal());
        Assert.IsNull(await kit.Tokens.RecoverAsync(TestNode.Realm, issued.Token.Id, SubjectFilter.Is("1001")));
        await kit.Tokens.RevokeAsync(TestNode.Realm, issued.Token.Id, SubjectFilter.Any);
        Assert.IsNull(await kit.Tokens.RecoverAsync(TestNode.Realm, issued.Token.Id, SubjectFilter.Any));
        Assert.IsNull((await kit.Store.FindAsync(issued.Token.Id, CancellationToken.None))!.Secret.RecoverableCopy);
        Assert.AreEqual(0, kit.Meter.Count("tokenkit.recovery.unreadable"));
    }

    [TestMethod]
    public async Task Recover_RealmThatKeepsNone_ShowsNothing()
    {
        await using TestNode kit = await TestNode.StartAsync(configure: builder => builder.Services.AddSingleton<ITokenProtector>(new XorProtector()));
        IssueResult.Issued issued = await kit.IssueAsync();
        Assert.IsNull(await kit.Tokens.RecoverAsync(TestNode.Realm, issued.Token.Id, SubjectFilter.Any));
        Assert.IsNull((await kit.Store.FindAsync(issued.Token.Id, CancellationToken.None))!.Secret.RecoverableCopy);
    }

    [TestMethod]
    public async Task Recover_RealmThatKeepsNoneAnyMore_ShowsNothingOfWhatItKept()
    {
        var store = new InMemoryTokenStore();
        await using TestNode before = await StartAsync(store: store);
        Guid[] ids = [(await before.IssueAsync()).Token.Id, (await before.IssueAsync()).Token.Id];
        await using TestNode kit = await StartAsync(keeps: false, store);

        Assert.IsNull(await kit.Tokens.RecoverAsync(TestNode.Realm, ids[0], SubjectFilter.Any));
        RecoveredToken[] all = await kit.Tokens.RecoverAllAsync(new TokenQuery(TestNode.Realm, SubjectFilter.Any)).ToArrayAsync();
        Assert.AreEqual((2, 0), (all.Length, all.Count(static token => token.Plaintext is not null)));
        Assert.AreEqual(0, kit.Meter.Count("tokenkit.recovery.unreadable"), "What is not to be read is not unreadable.");
        Assert.IsNotNull(await before.Tokens.RecoverAsync(TestNode.Realm, ids[0], SubjectFilter.Any));
    }

    [TestMethod]
    public async Task EraseRecoverableCopies_OfARealm_ErasesAllOfItsCopiesAndNothingElse()
    {
        var store = new InMemoryTokenStore();
        await using TestNode kit = await StartAsync(store: store, also: static builder => builder.AddRealm("other", static realm =>
        {
            realm.Prefix = "other";
            realm.KeepRecoverableCopies = true;
        }));
        var other = (IssueResult.Issued)await kit.Tokens.IssueAsync(new IssueRequest("other") { Subject = "1000" });
        for (int i = 0; i < 1001; i++)
        {
            await kit.IssueAsync(subject: i % 3 == 0 ? "" : $"{i % 5}");
        }

        StoredToken[] rows = await RowsAsync(store);
        ApiTokenAdministration administration = kit.Services.GetRequiredService<ApiTokenAdministration>();
        await administration.RevokeAsync(TestNode.Realm, rows[0].Id);

        Assert.AreEqual(1000, await administration.EraseRecoverableCopiesAsync(TestNode.Realm));
        Assert.AreEqual(0, await administration.EraseRecoverableCopiesAsync(TestNode.Realm));

        StoredToken[] erased = await RowsAsync(store);
        Assert.IsTrue(erased.All(static row => row.Secret.RecoverableCopy is null));
        CollectionAssert.AreEqual(
            rows.Skip(1).Select(static row => (row.Id, row.Version, row.UpdatedAt, row.Secret.Hash)).ToArray(),
            erased.Skip(1).Select(static row => (row.Id, row.Version, row.UpdatedAt, row.Secret.Hash)).ToArray());
        Assert.IsNotNull(await kit.Tokens.RecoverAsync("other", other.Token.Id, SubjectFilter.Any));
        await Assert.ThrowsExactlyAsync<ArgumentException>(() => administration.EraseRecoverableCopiesAsync("unknown"));
    }

    [TestMethod]
    [DataRow("damaged")]
    [DataRow("of another token")]
    public async Task Recover_CopyThatIsNotTheRows_ShowsNothingAndCounts(string copy)
    {
        await using TestNode kit = await StartAsync();
        IssueResult.Issued issued = await kit.IssueAsync();
        IssueResult.Issued other = await kit.IssueAsync();
        StoredToken row = (await kit.Store.FindAsync(issued.Token.Id, CancellationToken.None))!;
        StoredToken otherRow = (await kit.Store.FindAsync(other.Token.Id, CancellationToken.None))!;
        await kit.Tokens.DeleteAsync(TestNode.Realm, row.Id, SubjectFilter.Any);
        byte[] wrong = copy == "damaged" ? [1, 2, 3] : otherRow.Secret.RecoverableCopy!;
        await kit.Store.CommitAsync(new TokenChange.Issue(TimeProvider.System, row.WithSecret(secret => secret with { RecoverableCopy = wrong }), TokenActor.Host), CancellationToken.None);

        Assert.IsNull(await kit.Tokens.RecoverAsync(TestNode.Realm, row.Id, SubjectFilter.Any));
        Assert.AreEqual(1, kit.Meter.Count("tokenkit.recovery.unreadable"));
        Assert.IsTrue(kit.Logs.Lines.Any(line => line.StartsWith("205 ", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task RecoverAll_OverSeveralPages_ShowsEveryTokenAndIsOneEvent()
    {
        await using TestNode kit = await StartAsync();
        List<string> issued = [];
        for (int i = 0; i < 5; i++)
        {
            issued.Add((await kit.IssueAsync()).Plaintext.Reveal());
        }

        await kit.IssueAsync(subject: "1001");
        var query = new TokenQuery(TestNode.Realm, SubjectFilter.Is("1000")) { Order = TokenOrder.Inserted, Limit = 2 };

        RecoveredToken[] recovered = await kit.Tokens.RecoverAllAsync(query).ToArrayAsync();

        CollectionAssert.AreEqual(issued, recovered.Select(token => token.Plaintext?.Reveal()).ToArray());
        CollectionAssert.AreEqual(recovered.Select(token => token.Token).ToArray(), await kit.Tokens.ListAllAsync(query).ToArrayAsync());
        FakeLogRecord read = kit.Logs.GetSnapshot().Single(record => record.Id.Id == 206);
        Assert.AreEqual(("The plaintexts of 5 tokens in realm api were read.", null), (read.Message, read.Exception));
    }

    [TestMethod]
    public async Task RecoverAll_CopiesThatCannotBeRead_ListsTheTokensAndReportsOnce()
    {
        await using TestNode kit = await StartAsync();
        await kit.IssueAsync();
        StoredToken row = (await kit.Store.FindAsync((await kit.IssueAsync()).Token.Id, CancellationToken.None))!;
        await kit.Tokens.DeleteAsync(TestNode.Realm, row.Id, SubjectFilter.Any);
        foreach (byte[]? copy in new byte[]?[] { [1, 2, 3], [9], null })
        {
            var id = Guid.NewGuid();
            await kit.Store.CommitAsync(new TokenChange.Issue(TimeProvider.System, row.WithSecret(secret => secret with { RecoverableCopy = copy }) with { Id = id }, TokenActor.Host), CancellationToken.None);
        }

        var query = new TokenQuery(TestNode.Realm, SubjectFilter.Any) { Limit = 1 };
        RecoveredToken[] recovered = await kit.Tokens.RecoverAllAsync(query).ToArrayAsync();

        Assert.AreEqual((4, 1), (recovered.Length, recovered.Count(token => token.Plaintext is not null)));
        Assert.AreEqual(2, kit.Meter.Count("tokenkit.recovery.unreadable"));
        Assert.StartsWith("205 2 recoverable copies in realm api cannot be read", kit.Logs.Lines.Single(line => line.StartsWith("205 ", StringComparison.Ordinal)));
    }

    private static Task<TestNode> StartAsync(bool keeps = true, ITokenStore? store = null, Action<TokenKitBuilder>? also = null) => TestNode.StartAsync(
        realm => realm.KeepRecoverableCopies = keeps,
        builder =>
        {
            builder.Services.AddSingleton<ITokenProtector>(new XorProtector());
            also?.Invoke(builder);
        },
        store);

    private static async Task<StoredToken[]> RowsAsync(InMemoryTokenStore store) =>
        await store.ReadAllAsync(new TokenQuery(TestNode.Realm, SubjectFilter.Any) { IncludeRevoked = true }, CancellationToken.None).ToArrayAsync();

    private sealed class XorProtector : ITokenProtector
    {
        public byte[] Protect(ReadOnlySpan<byte> plaintext) => [1, .. plaintext.ToArray().Select(b => (byte)(b ^ 0x55))];

        public bool TryUnprotect(ReadOnlySpan<byte> ciphertext, [NotNullWhen(true)] out byte[]? plaintext)
        {
            plaintext = ciphertext is [1, .. { Length: > 2 } rest] ? [.. rest.ToArray().Select(b => (byte)(b ^ 0x55))] : null;
            return plaintext is not null;
        }
    }
}
