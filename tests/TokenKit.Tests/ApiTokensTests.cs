using TokenKit.Format;
using TokenKit.Stores;
using TokenKit.TestKit;

namespace TokenKit.Tests;

[TestClass]
public sealed class ApiTokensTests
{
    [TestMethod]
    public async Task List_PagesOfOne_ShowEveryTokenOnceWhileOthersAreIssued()
    {
        await using TestNode kit = await TestNode.StartAsync();
        List<Guid> expected = [];
        for (int i = 0; i < 5; i++)
        {
            expected.Insert(0, (await kit.IssueAsync(name: $"{i}")).Token.Id);
            kit.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        await kit.IssueAsync(subject: "1001");
        TokenQuery query = new(TestNode.Realm, SubjectFilter.Is("1000")) { Limit = 1 };
        List<Guid> listed = [];
        TokenQuery? next = query;
        while (next is not null)
        {
            ApiTokenPage page = await kit.Tokens.ListAsync(next);
            listed.AddRange(page.Tokens.Select(token => token.Id));
            await kit.IssueAsync(name: "new");
            next = page.NextCursor is { } cursor && query.TryContinue(cursor, out TokenQuery continued) ? continued : null;
        }

        CollectionAssert.AreEqual(expected, listed);
    }

    [TestMethod]
    public async Task Find_ForeignOwnerOrRealm_IsNull()
    {
        await using TestNode kit = await TestNode.StartAsync(configure: builder => builder.AddRealm("other", realm => realm.Prefix = "other"));
        Guid id = (await kit.IssueAsync()).Token.Id;

        Assert.IsNotNull(await kit.Tokens.FindAsync(TestNode.Realm, id, SubjectFilter.Is("1000")));
        Assert.IsNull(await kit.Tokens.FindAsync(TestNode.Realm, id, SubjectFilter.Is("1001")));
        Assert.IsNull(await kit.Tokens.FindAsync(TestNode.Realm, id, SubjectFilter.None));
        Assert.IsNull(await kit.Tokens.FindAsync("other", id, SubjectFilter.Any));
        Assert.IsNull(await kit.Tokens.RevokeAsync(TestNode.Realm, id, SubjectFilter.Is("1001")));
        Assert.IsFalse(await kit.Tokens.DeleteAsync("other", id, SubjectFilter.Any));
        Assert.IsNull((await kit.Tokens.FindAsync(TestNode.Realm, id, SubjectFilter.Any))!.RevokedAt);
    }

    [TestMethod]
    public async Task Revoke_Again_KeepsTheFirstInstant()
    {
        await using TestNode kit = await TestNode.StartAsync();
        Guid id = (await kit.IssueAsync()).Token.Id;
        ApiToken? first = await kit.Tokens.RevokeAsync(TestNode.Realm, id, SubjectFilter.Any);
        kit.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.AreEqual(first, await kit.Tokens.RevokeAsync(TestNode.Realm, id, SubjectFilter.Any));
        Assert.AreEqual(kit.Clock.GetUtcNow().AddMinutes(-1), first!.RevokedAt);
    }

    [TestMethod]
    public async Task RevokeAll_MoreThanABatch_RevokesEveryOneOfTheOwner()
    {
        await using TestNode kit = await TestNode.StartAsync();
        StoredToken pattern = (await kit.Store.FindAsync((await kit.IssueAsync()).Token.Id, CancellationToken.None))!;
        for (int i = 0; i < TokenBatch.MaximumSize + 1; i++)
        {
            Guid id = TokenId.Create(pattern.CreatedAt);
            await kit.Store.CommitAsync(new TokenChange.Issue(TimeProvider.System, pattern with { Id = id }, TokenActor.Host), CancellationToken.None);
        }

        ApiToken foreign = (await kit.IssueAsync(subject: "1001")).Token;
        Assert.AreEqual(TokenBatch.MaximumSize + 2, await kit.Tokens.RevokeAllAsync(TestNode.Realm, SubjectFilter.Is("1000"), spared: null));
        Assert.AreEqual(0, await kit.Tokens.RevokeAllAsync(TestNode.Realm, SubjectFilter.Is("1000"), spared: null));
        Assert.IsNull((await kit.Tokens.FindAsync(TestNode.Realm, foreign.Id, SubjectFilter.Any))!.RevokedAt);
    }

    [TestMethod]
    public async Task RevokeAll_SparingOne_SparesItsRotationPartnersToo()
    {
        await using TestNode kit = await TestNode.StartAsync();
        ApiToken[] tokens = [.. (await Task.WhenAll(Enumerable.Range(0, 4).Select(i => kit.IssueAsync(name: $"{i}")))).Select(issued => issued.Token)];
        StoredToken row = (await kit.Store.FindAsync(tokens[1].Id, CancellationToken.None))!;
        await kit.Tokens.DeleteAsync(TestNode.Realm, row.Id, SubjectFilter.Any);
        await kit.Store.CommitAsync(
            new TokenChange.Issue(TimeProvider.System, row with { PredecessorId = tokens[0].Id, SuccessorId = tokens[2].Id }, TokenActor.Host),
            CancellationToken.None);

        // The record that the caller holds is from before the rotation.
        Assert.AreEqual(1, await kit.Tokens.RevokeAllAsync(TestNode.Realm, SubjectFilter.Is("1000"), spared: tokens[1]));
        Assert.IsNotNull((await kit.Tokens.FindAsync(TestNode.Realm, tokens[3].Id, SubjectFilter.Any))!.RevokedAt);
    }

    [TestMethod]
    [DataRow("acme_", true)]
    [DataRow("acme_anything", true)]
    [DataRow("sess_x_anything", true)]
    [DataRow("acme", false)]
    [DataRow("_", false)]
    [DataRow("", false)]
    [DataRow("ACME_anything", false)]
    [DataRow("acme_any_thing", false)]
    [DataRow("other_anything", false)]
    [DataRow("eyJhbGciOiJIUzI1NiJ9.e30.acme_", false)]
    public async Task HasPrefix_OfAText_TellsWhetherItBeginsAsATokenOfTheRealm(string text, bool expected)
    {
        await using TestNode kit = await TestNode.StartAsync(realm => realm.AddKind("session", kind => kind.Prefix = "sess_x"));

        Assert.AreEqual(expected, kit.Tokens.HasPrefix(TestNode.Realm, text));
        Assert.IsTrue(kit.Tokens.HasPrefix(TestNode.Realm, (await kit.IssueAsync()).Plaintext.Reveal()));
    }

    [TestMethod]
    public async Task Delete_Token_IsGoneAndNoLongerVerifies()
    {
        await using TestNode kit = await TestNode.StartAsync();
        IssueResult.Issued issued = await kit.IssueAsync();
        Assert.IsTrue(await kit.Tokens.DeleteAsync(TestNode.Realm, issued.Token.Id, SubjectFilter.Is("1000")));
        Assert.IsFalse(await kit.Tokens.DeleteAsync(TestNode.Realm, issued.Token.Id, SubjectFilter.Is("1000")));
        Assert.IsNull(await kit.Tokens.FindAsync(TestNode.Realm, issued.Token.Id, SubjectFilter.Any));
        Assert.AreEqual(
            new VerificationResult.Refused(RefusalReason.Unrecognized),
            await kit.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal()));
    }
}
