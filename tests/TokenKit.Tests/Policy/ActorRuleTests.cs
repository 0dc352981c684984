using TokenKit.Policy;
using TokenKit.Tests.Stores;

namespace TokenKit.Tests.Policy;

/// <summary>What the store conformance cases do not say already: which token may do what, and which reason comes first.</summary>
[TestClass]
public sealed class ActorRuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [TestMethod]
    [DataRow(TokenAuthority.Manage, ApiTokens.ManageScope, null)]
    [DataRow(TokenAuthority.Manage, ApiTokens.RotateScope, RejectionReason.MayNotManage)]
    [DataRow(TokenAuthority.Rotate, ApiTokens.RotateScope, null)]
    [DataRow(TokenAuthority.Rotate, ApiTokens.ManageScope, RejectionReason.MayNotManage)]
    [DataRow(TokenAuthority.Possession, "", null)]
    public void ProblemOf_TokenThatChangesItself_NeedsWhatTheAuthoritySays(TokenAuthority required, string scopes, RejectionReason? expected)
    {
        ApiToken acting = Token(scopes);
        Assert.AreEqual(expected, ActorRule.ProblemOf(TokenActor.For(acting, required), acting, acting.Realm, acting.Id, Now));
    }

    [TestMethod]
    [DataRow(TokenAuthority.Manage, null)]
    [DataRow(TokenAuthority.Rotate, RejectionReason.MayNotManage)]
    [DataRow(TokenAuthority.Possession, RejectionReason.MayNotManage)]
    public void ProblemOf_TokenThatChangesAnotherOrNone_NeedsToManage(TokenAuthority required, RejectionReason? expected)
    {
        ApiToken acting = Token($"{ApiTokens.ManageScope} {ApiTokens.RotateScope}");
        var actor = TokenActor.For(acting, required);
        Assert.AreEqual(expected, ActorRule.ProblemOf(actor, acting, acting.Realm, Guid.CreateVersion7(), Now));
        Assert.AreEqual(expected, ActorRule.ProblemOf(actor, acting, acting.Realm, target: null, Now));
    }

    [TestMethod]
    public void ProblemOf_HostAndPerson_IsNone()
    {
        Assert.IsNull(ActorRule.ProblemOf(TokenActor.Host, acting: null, "api", target: null, Now));
        Assert.IsNull(ActorRule.ProblemOf(TokenActor.Person("alice"), acting: null, "api", Guid.CreateVersion7(), Now));
    }

    [TestMethod]
    public void ProblemOf_TokenAtItsEnd_HasEnded()
    {
        ApiToken acting = Token(ApiTokens.ManageScope) with { ExpiresAt = Now };
        var actor = TokenActor.For(acting);
        Assert.AreEqual(RejectionReason.ActorEnded, ActorRule.ProblemOf(actor, acting, acting.Realm, target: null, Now));
        Assert.IsNull(ActorRule.ProblemOf(actor, acting, acting.Realm, target: null, Now.AddMicroseconds(-1)));
    }

    // A token says nothing about itself where it does not belong.
    [TestMethod]
    public void ProblemOf_EndedTokenOfAnotherRealm_IsTheRealm()
    {
        ApiToken acting = Token(ApiTokens.ManageScope) with { RevokedAt = Now };
        Assert.AreEqual(RejectionReason.MayNotManage, ActorRule.ProblemOf(TokenActor.For(acting), acting, "web", target: null, Now));
    }

    private static ApiToken Token(string scopes) => ApiToken.From(PlainRow.Create(scopes));
}
