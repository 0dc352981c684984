using TokenKit.TestKit;

namespace TokenKit.Tests.Updating;

[TestClass]
public sealed class UpdatingTests
{
    [TestMethod]
    public async Task Update_EachPart_ChangesThatPartOnly()
    {
        await using TestNode kit = await TestNode.StartAsync();
        ApiToken token = (await kit.IssueAsync(change: request => request with { WireData = "w" })).Token;
        kit.Clock.Advance(TimeSpan.FromMinutes(1));
        DateTimeOffset now = kit.Clock.GetUtcNow();

        ApiToken named = await UpdateAsync(kit, token.Id, request => request with { Name = "Deploy" });
        Assert.AreEqual(token with { Name = "Deploy", Version = 2, UpdatedAt = now }, named);
        ApiToken scoped = await UpdateAsync(kit, token.Id, request => request with { Scopes = ScopeSet.Empty });
        Assert.AreEqual(named with { Scopes = ScopeSet.Empty, Version = 3 }, scoped);
        ApiToken suspended = await UpdateAsync(kit, token.Id, request => request with { Suspended = true });
        Assert.AreEqual(scoped with { SuspendedAt = now, Version = 4 }, suspended);
        ApiToken expiring = await UpdateAsync(kit, token.Id, request => request with { Expiry = TokenExpiry.After(TimeSpan.FromDays(1)) });
        Assert.AreEqual(suspended with { ExpiresAt = now.AddDays(1), Version = 5 }, expiring);
        ApiToken erased = await UpdateAsync(kit, token.Id, request => request with { WireData = "" });
        Assert.AreEqual(expiring with { WireData = null, Version = 6 }, erased);
        ApiToken resumed = await UpdateAsync(kit, token.Id, request => request with { Suspended = false });
        Assert.AreEqual(erased with { SuspendedAt = null, Version = 7 }, resumed);
    }

    [TestMethod]
    public async Task Update_SuspendedAndResumed_VerifiesAgain()
    {
        await using TestNode kit = await TestNode.StartAsync();
        IssueResult.Issued issued = await kit.IssueAsync();
        await UpdateAsync(kit, issued.Token.Id, request => request with { Suspended = true });
        Assert.IsInstanceOfType<VerificationResult.Refused>(await kit.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal()));
        await UpdateAsync(kit, issued.Token.Id, request => request with { Suspended = false });
        Assert.IsInstanceOfType<VerificationResult.Valid>(await kit.Tokens.VerifyAsync(TestNode.Realm, issued.Plaintext.Reveal()));
    }

    [TestMethod]
    public async Task Update_LifetimeBeyondTheMaximumSinceCreation_IsRejected()
    {
        await using TestNode kit = await TestNode.StartAsync(realm => realm.MaximumLifetime = TimeSpan.FromDays(100));
        ApiToken token = (await kit.IssueAsync()).Token;
        kit.Clock.Advance(TimeSpan.FromDays(50));

        Assert.AreEqual(
            new UpdateResult.Rejected(RejectionReason.LifetimeTooLong),
            await kit.Tokens.UpdateAsync(Request(token.Id) with { Expiry = TokenExpiry.After(TimeSpan.FromDays(51)) }));
        Assert.AreEqual(
            new UpdateResult.Rejected(RejectionReason.MustExpire),
            await kit.Tokens.UpdateAsync(Request(token.Id) with { Expiry = TokenExpiry.Never }));
        await UpdateAsync(kit, token.Id, request => request with { Expiry = TokenExpiry.After(TimeSpan.FromDays(50)) });
        ApiToken byDefault = await UpdateAsync(kit, token.Id, request => request with { Expiry = TokenExpiry.Default });
        Assert.AreEqual(token.CreatedAt.AddDays(90), byDefault.ExpiresAt);
    }

    [TestMethod]
    public async Task Update_RevokedForeignOrMissing_IsNotFound()
    {
        await using TestNode kit = await TestNode.StartAsync(configure: builder => builder.AddRealm("other", realm => realm.Prefix = "other"));
        ApiToken token = (await kit.IssueAsync()).Token;

        Assert.AreEqual(new UpdateResult.NotFound(), await kit.Tokens.UpdateAsync(Request(Guid.NewGuid()) with { Name = "x" }));
        Assert.AreEqual(new UpdateResult.NotFound(), await kit.Tokens.UpdateAsync(new UpdateRequest("other", token.Id, SubjectFilter.Any) { Name = "x" }));
        Assert.AreEqual(new UpdateResult.NotFound(), await kit.Tokens.UpdateAsync(new UpdateRequest(TestNode.Realm, token.Id, SubjectFilter.Is("1001")) { Name = "x" }));
        Assert.AreEqual(new UpdateResult.NotFound(), await kit.Tokens.UpdateAsync(new UpdateRequest(TestNode.Realm, token.Id, SubjectFilter.None) { Name = "x" }));
        await kit.Tokens.RevokeAsync(TestNode.Realm, token.Id, SubjectFilter.Any);
        Assert.AreEqual(new UpdateResult.NotFound(), await kit.Tokens.UpdateAsync(Request(token.Id) with { Name = "x" }));
    }

    [TestMethod]
    public async Task Update_ExpectedVersion_MustBeTheRows()
    {
        await using TestNode kit = await TestNode.StartAsync();
        ApiToken token = (await kit.IssueAsync()).Token;
        await UpdateAsync(kit, token.Id, request => request with { Name = "x", ExpectedVersion = 1 });
        Assert.AreEqual(new UpdateResult.Conflict(), await kit.Tokens.UpdateAsync(Request(token.Id) with { Name = "y", ExpectedVersion = 1 }));
    }

    [TestMethod]
    public async Task Update_ManyAtOnce_LosesNone()
    {
        await using TestNode kit = await TestNode.StartAsync();
        ApiToken token = (await kit.IssueAsync()).Token;

        UpdateResult[] results = await Task.WhenAll(
            kit.Tokens.UpdateAsync(Request(token.Id) with { Name = "x" }),
            kit.Tokens.UpdateAsync(Request(token.Id) with { Suspended = true }),
            kit.Tokens.UpdateAsync(Request(token.Id) with { WireData = "w" }));

        Assert.IsTrue(results.All(result => result is UpdateResult.Updated));
        ApiToken updated = (await kit.Tokens.FindAsync(TestNode.Realm, token.Id, SubjectFilter.Any))!;
        Assert.AreEqual("x", updated.Name);
        Assert.IsNotNull(updated.SuspendedAt);
        Assert.AreEqual("w", updated.WireData);
        Assert.AreEqual(4, updated.Version);
    }

    [TestMethod]
    public async Task Update_TakenName_IsRejectedAndTheTokenStays()
    {
        await using TestNode kit = await TestNode.StartAsync(realm => realm.UniqueNames = true);
        await kit.IssueAsync(name: "a");
        ApiToken token = (await kit.IssueAsync(name: "b")).Token;

        Assert.AreEqual(new UpdateResult.Rejected(RejectionReason.NameTaken), await kit.Tokens.UpdateAsync(Request(token.Id) with { Name = "a" }));
        Assert.AreEqual(token, await kit.Tokens.FindAsync(TestNode.Realm, token.Id, SubjectFilter.Any));
        await UpdateAsync(kit, token.Id, request => request with { Name = "c" });
        await kit.IssueAsync(name: "b");
    }

    [TestMethod]
    public async Task Update_ByToken_KeepsToItsScopesAndItsEnd()
    {
        await using TestNode kit = await TestNode.StartAsync();
        ApiToken acting = (await kit.IssueAsync(change: request => request with
        {
            Scopes = ScopeSet.Create("read", ApiTokens.ManageScope),
            Expiry = TokenExpiry.After(TimeSpan.FromDays(10)),
        })).Token;
        ApiToken token = (await kit.IssueAsync(change: request => request with { Scopes = ScopeSet.Empty })).Token;

        Assert.AreEqual(
            new UpdateResult.Rejected(RejectionReason.ScopesExceedIssuer),
            await kit.Tokens.UpdateAsync(Request(token.Id) with { Actor = TokenActor.For(acting), Scopes = ScopeSet.Create("write") }));
        Assert.AreEqual(
            new UpdateResult.Rejected(RejectionReason.MayNotManage),
            await kit.Tokens.UpdateAsync(Request(token.Id) with { Actor = TokenActor.For(token), Name = "x" }));
        ApiToken updated = await UpdateAsync(kit, token.Id, request => request with { Actor = TokenActor.For(acting), Scopes = ScopeSet.Create("read"), Expiry = TokenExpiry.After(TimeSpan.FromDays(20)) });
        Assert.AreEqual(acting.ExpiresAt, updated.ExpiresAt);
        Assert.AreEqual("read", updated.Scopes.ToString());
    }

    [TestMethod]
    public async Task Update_ByTokenWithFewerScopes_MayWeakenButNotStrengthen()
    {
        await using TestNode kit = await TestNode.StartAsync();
        ApiToken acting = (await kit.IssueAsync(change: request => request with { Scopes = ScopeSet.Create(ApiTokens.ManageScope) })).Token;
        ApiToken strong = (await kit.IssueAsync()).Token;

        await UpdateAsync(kit, strong.Id, request => request with { Actor = TokenActor.For(acting), Suspended = true });
        Assert.AreEqual(
            new UpdateResult.Rejected(RejectionReason.ScopesExceedIssuer),
            await kit.Tokens.UpdateAsync(Request(strong.Id) with { Actor = TokenActor.For(acting), Suspended = false }));
        Assert.AreEqual(
            new UpdateResult.Rejected(RejectionReason.ScopesExceedIssuer),
            await kit.Tokens.UpdateAsync(Request(strong.Id) with { Actor = TokenActor.For(acting), Expiry = TokenExpiry.After(TimeSpan.FromDays(100)) }));
        ApiToken sooner = await UpdateAsync(kit, strong.Id, request => request with { Actor = TokenActor.For(acting), Expiry = TokenExpiry.After(TimeSpan.FromDays(80)) });
        Assert.AreEqual(strong.CreatedAt.AddDays(80), sooner.ExpiresAt);
    }

    [TestMethod]
    public async Task Update_NamesThatBecameUniqueLater_DoNotKeepATokenFromBeingSuspended()
    {
        await using TestNode before = await TestNode.StartAsync();
        ApiToken[] twins = [(await before.IssueAsync()).Token, (await before.IssueAsync()).Token];
        await using TestNode after = await TestNode.StartAsync(realm => realm.UniqueNames = true, store: before.Store.Inner);

        foreach (ApiToken twin in twins)
        {
            Assert.IsNotNull((await UpdateAsync(after, twin.Id, request => request with { Suspended = true })).SuspendedAt);
        }

        await UpdateAsync(after, twins[0].Id, request => request with { Name = "x" });
        Assert.AreEqual(new UpdateResult.Rejected(RejectionReason.NameTaken), await after.Tokens.UpdateAsync(Request(twins[1].Id) with { Name = "x" }));
    }

    private static UpdateRequest Request(Guid id) => new(TestNode.Realm, id, SubjectFilter.Is("1000"));

    private static async Task<ApiToken> UpdateAsync(TestNode kit, Guid id, Func<UpdateRequest, UpdateRequest> change)
    {
        UpdateResult result = await kit.Tokens.UpdateAsync(change(Request(id)));
        Assert.IsInstanceOfType<UpdateResult.Updated>(result, result.ToString());
        return ((UpdateResult.Updated)result).Token;
    }
}
