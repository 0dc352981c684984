using TokenKit.Stores;

namespace TokenKit.Tests;

[TestClass]
public sealed class ApiTokenTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Tick = Now.AddTicks(1);

    private static readonly StoredToken Row = new()
    {
        Id = Guid.Parse("0195512a-4f00-7abc-8def-0123456789ab"),
        Realm = "api",
        Kind = "pat",
        Subject = "1000",
        Name = "deploy",
        NameKey = new byte[32],
        Scopes = "read write",
        Secret = new StoredSecret
        {
            Hint = "acme_8fKq2",
            Hash = "$argon2id$never-shown",
            Tag = new byte[8],
            KeyId = "key-never-shown",
            Verifier = new byte[32],
            RecoverableCopy = new byte[100],
        },
        CreatedAt = Now.AddSeconds(-1),
        UpdatedAt = Now.AddSeconds(-2),
        ExpiresAt = Now.AddSeconds(3),
        LastUsedAt = Now.AddSeconds(-4),
        RevokedAt = Now.AddSeconds(-5),
        SuspendedAt = Now.AddSeconds(-6),
        Version = 7,
        Sequence = 8,
        IssuedBy = Guid.Parse("0195512a-4f00-7abc-8def-000000000001"),
        Actor = "admin",
        PredecessorId = Guid.Parse("0195512a-4f00-7abc-8def-000000000002"),
        SuccessorId = Guid.Parse("0195512a-4f00-7abc-8def-000000000003"),
        WireData = "{}",
    };

    [TestMethod]
    public void GetStatus_NothingSet_IsActive() => Assert.AreEqual(TokenStatus.Active, Token().GetStatus(Now));

    [TestMethod]
    public void GetStatus_Expiry_IsTheFirstInstantThatIsNoLongerValid()
    {
        Assert.AreEqual(TokenStatus.Active, Token(expiresAt: Tick).GetStatus(Now));
        Assert.AreEqual(TokenStatus.Expired, Token(expiresAt: Now).GetStatus(Now));
        Assert.AreEqual(TokenStatus.Expired, Token(expiresAt: Now).GetStatus(Tick));
    }

    [TestMethod]
    public void GetStatus_ExpiryInOtherZone_IsTheSameInstant() =>
        Assert.AreEqual(TokenStatus.Active, Token(expiresAt: Tick.ToOffset(TimeSpan.FromHours(-9))).GetStatus(Now.ToOffset(TimeSpan.FromHours(14))));

    [TestMethod]
    public void GetStatus_Suspended_IsSuspended() => Assert.AreEqual(TokenStatus.Suspended, Token(suspendedAt: Now).GetStatus(Now));

    [TestMethod]
    public void GetStatus_SuspendedAndExpired_IsExpired() => Assert.AreEqual(TokenStatus.Expired, Token(suspendedAt: Now, expiresAt: Now).GetStatus(Now));

    [TestMethod]
    public void GetStatus_RevokedWhateverElse_IsRevoked()
    {
        Assert.AreEqual(TokenStatus.Revoked, Token(revokedAt: Now).GetStatus(Now));
        Assert.AreEqual(TokenStatus.Revoked, Token(revokedAt: Now, expiresAt: Now, suspendedAt: Now).GetStatus(Now));

        // A node whose clock is behind must not revive what another has revoked.
        Assert.AreEqual(TokenStatus.Revoked, Token(revokedAt: Tick).GetStatus(Now));
    }

    [TestMethod]
    public void From_Row_TakesEveryColumnThatIsNoSecret()
    {
        var token = ApiToken.From(Row);
        foreach (System.Reflection.PropertyInfo property in typeof(ApiToken).GetProperties())
        {
            object? expected = property.Name == nameof(ApiToken.Hint) ? Row.Secret.Hint : typeof(StoredToken).GetProperty(property.Name)!.GetValue(Row);
            Assert.AreEqual(property.Name == nameof(ApiToken.Scopes) ? ScopeSet.Create("read", "write") : expected, property.GetValue(token), property.Name);
        }
    }

    [TestMethod]
    public void From_RowWithUnreadableScopes_HasNoAccess() => Assert.AreEqual(ScopeSet.Empty, ApiToken.From(Row with { Scopes = "read \"all\"" }).Scopes);

    [TestMethod]
    public void ToString_RowAndToken_ShowNoSecret()
    {
        Assert.AreEqual("StoredToken 0195512a-4f00-7abc-8def-0123456789ab", Row.ToString());
        Assert.DoesNotContain("never-shown", ApiToken.From(Row).ToString());
    }

    private static ApiToken Token(DateTimeOffset? expiresAt = null, DateTimeOffset? suspendedAt = null, DateTimeOffset? revokedAt = null) =>
        ApiToken.From(Row with { ExpiresAt = expiresAt, SuspendedAt = suspendedAt, RevokedAt = revokedAt });
}
