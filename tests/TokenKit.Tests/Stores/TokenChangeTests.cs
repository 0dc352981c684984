using TokenKit.Stores;

namespace TokenKit.Tests.Stores;

/// <summary>What a change tells its store. What it decides, the store conformance cases say.</summary>
[TestClass]
public sealed class TokenChangeTests
{
    private static readonly Guid Lower = Guid.Parse("00000001-0000-7000-8000-ffffffffffff");
    private static readonly Guid Upper = Guid.Parse("00000100-0000-7000-8000-000000000000");

    // Two changes that lock the same rows in different orders wait for each other.
    [TestMethod]
    public void Ids_OfTargetAndActingToken_AreAscendingByBytesAndEachOnce()
    {
        Assert.AreSequenceEqual(new[] { Lower, Upper }, Revoke(Lower, By(Upper)).Ids);
        Assert.AreSequenceEqual(new[] { Lower, Upper }, Revoke(Upper, By(Lower)).Ids);
        Assert.AreSequenceEqual(new[] { Lower }, Revoke(Lower, By(Lower)).Ids);
        Assert.AreSequenceEqual(new[] { Lower }, Revoke(Lower, TokenActor.Host).Ids);
        Assert.AreSequenceEqual(new[] { Upper }, new TokenChange.Issue(TimeProvider.System, Row(Lower), By(Upper)).Ids);
        Assert.IsEmpty(new TokenChange.Issue(TimeProvider.System, Row(Lower), TokenActor.Host).Ids);
    }

    [TestMethod]
    public void RevokeAll_StepOfMany_IsNeitherGuardedNorRemembered()
    {
        TokenChange.RevokeAll all = new(TimeProvider.System, "api", SubjectFilter.Is("1000"), TokenActor.Host);
        Assert.AreEqual("1000", all.GuardedSubject);
        Assert.IsNotNull(all.ChangeId);
        TokenChange.RevokeAll step = all with { Most = 10 };
        Assert.IsNull(step.GuardedSubject);
        Assert.IsNull(step.ChangeId);
    }

    private static TokenChange.Revoke Revoke(Guid id, TokenActor actor) => new(TimeProvider.System, id, "api", SubjectFilter.Any, actor);

    private static TokenActor By(Guid id) => TokenActor.For(ApiToken.From(Row(id)));

    private static StoredToken Row(Guid id) => PlainRow.Create() with { Id = id };
}
