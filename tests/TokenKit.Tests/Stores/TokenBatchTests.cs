using TokenKit.Stores;

namespace TokenKit.Tests.Stores;

[TestClass]
public sealed class TokenBatchTests
{
    [TestMethod]
    [DataRow(-1)]
    [DataRow(0)]
    [DataRow(1001)]
    public void Limit_OutsideItsRange_IsRefused(int limit)
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new TokenBatch.Purge(DateTimeOffset.UnixEpoch, limit));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => new TokenChange.RevokeAll(TimeProvider.System, "api", SubjectFilter.Any, TokenActor.Host) { Most = limit });
    }

    [TestMethod]
    public void List_LongerThanItMayBe_IsRefused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new TokenBatch.Touch(new TokenUse[1001]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new TokenBatch.EraseCopies(new Guid[1001]));
    }

    [TestMethod]
    public void Batch_AtItsLimits_IsMade()
    {
        Assert.HasCount(1000, new TokenBatch.Touch(new TokenUse[1000]).Uses);
        Assert.AreEqual(1000, new TokenChange.RevokeAll(TimeProvider.System, "api", SubjectFilter.Any, TokenActor.Host) { Most = 1000 }.Most);
        Assert.AreEqual(TokenBatch.MaximumSize, new TokenBatch.Purge(DateTimeOffset.UnixEpoch).Limit);
    }
}
