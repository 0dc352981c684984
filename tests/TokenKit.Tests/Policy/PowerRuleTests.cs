using TokenKit.Policy;
using TokenKit.Stores;
using TokenKit.Tests.Stores;

namespace TokenKit.Tests.Policy;

/// <summary>What the store conformance cases do not say already: the ends of expiries, and scopes beyond those of the acting token.</summary>
[TestClass]
public sealed class PowerRuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    // Days from now; null is never.
    [TestMethod]
    [DataRow(null, null, 3, null, DisplayName = "An actor without end puts off without end")]
    [DataRow(5, 10, 3, 5, DisplayName = "What is put off is cut to the end of the actor")]
    [DataRow(5, 5, 3, 5, DisplayName = "The end of the actor itself is not cut")]
    [DataRow(5, null, 3, 5, DisplayName = "Never is later than any end")]
    [DataRow(5, 20, 30, 20, DisplayName = "What ends sooner than before is not cut")]
    [DataRow(5, 30, null, 30, DisplayName = "An end instead of never is not cut")]
    [DataRow(5, null, null, null, DisplayName = "Never that stays is not cut")]
    [DataRow(5, 30, 30, 30, DisplayName = "An end that stays is not cut")]
    public void Limit_Expiry_IsCutOnlyWhereItIsPutOff(int? actor, int? after, int? before, int? expected)
    {
        StoredToken row = PlainRow.Create("read") with { ExpiresAt = In(before) };
        PowerRule.Decision decision = PowerRule.Limit(row, row with { ExpiresAt = In(after) }, Acting("read", actor));
        Assert.AreEqual(new PowerRule.Decision(row with { ExpiresAt = In(expected) }, Clamped: after != expected), decision);
    }

    [TestMethod]
    public void Limit_NewToken_IsCutThoughItIsSuspended()
    {
        StoredToken row = PlainRow.Create("") with { SuspendedAt = Now };
        Assert.AreEqual(new PowerRule.Decision(row with { ExpiresAt = In(5) }, Clamped: true), PowerRule.Limit(before: null, row, Acting("", 5)));
    }

    [TestMethod]
    public void Limit_ScopesBeyondTheActor_MayStayButNotBeWritten()
    {
        StoredToken row = PlainRow.Create("admin read write");
        ApiToken acting = Acting("read", days: null);
        Assert.IsNull(PowerRule.Limit(row, row with { Name = "renamed" }, acting).Problem);
        Assert.IsNull(PowerRule.Limit(row, row with { Scopes = "read" }, acting).Problem);
        Assert.IsNull(PowerRule.Limit(row, row with { Scopes = "" }, acting).Problem);
        Assert.AreEqual(RejectionReason.ScopesExceedIssuer, PowerRule.Limit(row, row with { Scopes = "read write" }, acting).Problem);
    }

    [TestMethod]
    public void Limit_ScopesNarrowedWithPower_AreJudgedByWhatIsLeft()
    {
        StoredToken row = PlainRow.Create("admin read") with { SuspendedAt = Now };
        ApiToken acting = Acting("read", days: 5);
        Assert.AreEqual(RejectionReason.ScopesExceedIssuer, PowerRule.Limit(row, row with { SuspendedAt = null }, acting).Problem);
        StoredToken narrowed = row with { SuspendedAt = null, Scopes = "read" };
        Assert.AreEqual(new PowerRule.Decision(narrowed with { ExpiresAt = In(5) }, Clamped: true), PowerRule.Limit(row, narrowed, acting));
    }

    [TestMethod]
    public void Limit_NoActingToken_LimitsNothing()
    {
        StoredToken row = PlainRow.Create("read") with { ExpiresAt = In(1), SuspendedAt = Now };
        StoredToken after = row with { Scopes = "admin", ExpiresAt = null, SuspendedAt = null, Secret = row.Secret with { Hash = "other" } };
        Assert.AreEqual(new PowerRule.Decision(after), PowerRule.Limit(row, after, acting: null));
    }

    private static DateTimeOffset? In(int? days) => days is { } count ? Now.AddDays(count) : null;

    private static ApiToken Acting(string scopes, int? days) => ApiToken.From(PlainRow.Create(scopes) with { ExpiresAt = In(days) });
}
