using TokenKit.Stores;
using TokenKit.TestKit;

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
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new TokenBatch.Purge(TimeProvider.System, DateTimeOffset.UnixEpoch, limit));
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
    [DataRow(-7200, -7200)]
    [DataRow(-3600, -3600)]
    [DataRow(-3599, -3600)]
    [DataRow(0, -3600)]
    [DataRow(86_400, -3600)]
    public void Purge_WhateverItsInstant_KeepsTheChangesOfTheLastHour(int endedBefore, int changesBefore)
    {
        var clock = new TestClock();
        DateTimeOffset now = clock.GetUtcNow();

        TokenBatch.Purge purge = new(clock, now.AddSeconds(endedBefore));

        Assert.AreEqual(UnixMicroseconds.Truncate(now).AddSeconds(changesBefore), UnixMicroseconds.Truncate(purge.ChangesBefore));
        Assert.AreEqual(purge.ChangesBefore, (purge with { Limit = 1 }).ChangesBefore);
    }

    [TestMethod]
    public void Batch_AtItsLimits_IsMade()
    {
        Assert.HasCount(1000, new TokenBatch.Touch(new TokenUse[1000]).Uses);
        Assert.AreEqual(1000, new TokenChange.RevokeAll(TimeProvider.System, "api", SubjectFilter.Any, TokenActor.Host) { Most = 1000 }.Most);
        Assert.AreEqual(TokenBatch.MaximumSize, new TokenBatch.Purge(TimeProvider.System, DateTimeOffset.UnixEpoch).Limit);
    }
}
