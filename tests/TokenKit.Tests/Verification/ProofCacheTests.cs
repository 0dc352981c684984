using Microsoft.Extensions.Options;
using TokenKit.Verification;

namespace TokenKit.Tests.Verification;

[TestClass]
public sealed class ProofCacheTests
{
    [TestMethod]
    public void Cache_Overfull_ForgetsTheOldestAndKeepsWhatIsUsed()
    {
        ProofCache cache = NewCache(capacity: 100);
        ProofKey used = Key(0);
        cache.Remember(used);
        for (ulong i = 1; i <= 1000; i++)
        {
            cache.Remember(Key(i));
            Assert.IsTrue(cache.Knows(used), $"Forgotten after {i}.");
        }

        Assert.IsFalse(cache.Knows(Key(1)));
        Assert.IsTrue(cache.Knows(Key(1000)));
        int known = Enumerable.Range(0, 1001).Count(i => cache.Knows(Key((ulong)i)));
        Assert.IsTrue(known is >= 100 and <= 200, $"{known} are known.");
    }

    [TestMethod]
    public void Cache_AsManyInTurnAsItsCapacity_ForgetsNone()
    {
        ProofCache cache = NewCache(capacity: 20);
        for (ulong i = 0; i < 200; i++)
        {
            Assert.AreEqual(i >= 20, cache.Knows(Key(i % 20)), $"In turn {i}.");
            cache.Remember(Key(i % 20));
        }
    }

    [TestMethod]
    public void Cache_WithoutCapacity_RemembersNothing()
    {
        ProofCache cache = NewCache(capacity: 0);
        cache.Remember(Key(1));
        Assert.IsFalse(cache.Knows(Key(1)));
    }

    [TestMethod]
    public void Cache_ManyThreads_StaysBounded()
    {
        ProofCache cache = NewCache(capacity: 1000);
        Parallel.For(0, 100_000, i =>
        {
            cache.Remember(Key((ulong)i));
            cache.Knows(Key((ulong)(i / 2)));
        });
        int known = Enumerable.Range(0, 100_000).Count(i => cache.Contains(Key((ulong)i)));
        Assert.IsTrue(known is >= 1000 and <= 2200, $"{known} are known.");
    }

    private static ProofCache NewCache(int capacity) => new(Options.Create(new VerificationOptions { ProofCacheCapacity = capacity }));

    private static ProofKey Key(ulong number) => new(number, 0, 0, 0);
}
