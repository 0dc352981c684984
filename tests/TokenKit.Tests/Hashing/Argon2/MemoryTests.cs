using Microsoft.Extensions.Time.Testing;
using TokenKit.Hashing.Argon2;

namespace TokenKit.Tests.Hashing.Argon2;

/// <summary>What becomes of the memory of a hash, however it ends.</summary>
[TestClass]
public sealed class MemoryTests
{
    private const int Blocks = 64;

    private static readonly Argon2Parameters Small = new(Blocks, 1, 1);

    [TestMethod]
    public void DeriveKey_Finished_ReturnsTheMemoryWiped()
    {
        using Argon2MemoryPool pool = NewPool();

        Argon2id.DeriveKey("password"u8, Counting.Bytes(16), new byte[32], Small, pool);

        AssertReturnedAndWiped(pool);
    }

    [TestMethod]
    public void DeriveKey_FailingInMidHash_ReturnsTheMemoryWiped()
    {
        using Argon2MemoryPool pool = NewPool();

        // The first blocks are written when it turns out that there is no such mixing.
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            Argon2id.DeriveKey("password"u8, Counting.Bytes(16), new byte[32], Small, pool, mixing: (BlockMixing)99));

        AssertReturnedAndWiped(pool);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    public void DeriveKey_CancelledInMidHash_EndsSoonAndReturnsTheMemoryWiped(int lanes)
    {
        using Argon2MemoryPool pool = NewPool();
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        byte[] destination = Counting.Bytes(32);

        // To the end it would take longer than anybody waits.
        Assert.ThrowsExactly<OperationCanceledException>(() => Argon2id.DeriveKey(
            "password"u8, Counting.Bytes(16), destination, new Argon2Parameters(Blocks, int.MaxValue, lanes), pool, cancellationToken: cancellation.Token));

        CollectionAssert.AreEqual(Counting.Bytes(32), destination);
        AssertReturnedAndWiped(pool);
    }

    [TestMethod]
    public void Rent_MoreThanTheSystemHas_LeavesThePermit()
    {
        using Argon2MemoryPool pool = NewPool();

        Assert.ThrowsExactly<OutOfMemoryException>(() => pool.Rent(int.MaxValue, CancellationToken.None));

        pool.Return(pool.Rent(1, CancellationToken.None), 1);
    }

    [TestMethod]
    public void Rent_AllAreasLent_WaitsUntilOneComesBack()
    {
        using Argon2MemoryPool pool = NewPool();
        Argon2Memory first = pool.Rent(1, CancellationToken.None);
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        Assert.ThrowsExactly<OperationCanceledException>(() => pool.Rent(1, cancellation.Token));

        pool.Return(first, 1);

        Assert.AreSame(first, pool.Rent(1, CancellationToken.None));
        pool.Return(first, 1);
    }

    [TestMethod]
    public void Rent_IdleAreaTooSmall_FreesItForALargerOne()
    {
        using Argon2MemoryPool pool = NewPool();
        Argon2Memory small = pool.Rent(1, CancellationToken.None);
        pool.Return(small, 1);

        Argon2Memory large = pool.Rent(2, CancellationToken.None);

        Assert.IsTrue(small.IsClosed);
        Assert.AreEqual(0, pool.IdleAreas);
        pool.Return(large, 2);
    }

    [TestMethod]
    public void Return_AreaLargerThanIsKept_IsFreedAtOnce()
    {
        using var pool = new Argon2MemoryPool(1, TimeSpan.FromMinutes(1), TimeProvider.System, largestKept: 2);
        Argon2Memory large = pool.Rent(3, CancellationToken.None);
        pool.Return(large, 3);
        Assert.IsTrue(large.IsClosed);

        Argon2Memory usual = pool.Rent(2, CancellationToken.None);
        pool.Return(usual, 2);
        Assert.IsFalse(usual.IsClosed);
        Assert.AreEqual(1, pool.IdleAreas);
    }

    [TestMethod]
    public void Return_AreaIdleForLong_IsFreed()
    {
        var clock = new FakeTimeProvider();
        using var pool = new Argon2MemoryPool(2, TimeSpan.FromMinutes(1), clock);
        (Argon2Memory? old, Argon2Memory? young) = (pool.Rent(1, CancellationToken.None), pool.Rent(1, CancellationToken.None));
        pool.Return(old, 1);
        clock.Advance(TimeSpan.FromSeconds(40));
        pool.Return(young, 1);

        clock.Advance(TimeSpan.FromSeconds(20));
        Assert.IsTrue(old.IsClosed);
        Assert.IsFalse(young.IsClosed);
        Assert.AreEqual(1, pool.IdleAreas);

        clock.Advance(TimeSpan.FromSeconds(60));
        Assert.IsTrue(young.IsClosed);
        Assert.AreEqual(0, pool.IdleAreas);
    }

    [TestMethod]
    public void Return_AfterThePoolIsGone_FreesTheArea()
    {
        Argon2MemoryPool pool = NewPool();
        Argon2Memory lent = pool.Rent(1, CancellationToken.None);

        pool.Dispose();
        Assert.IsFalse(lent.IsClosed);
        pool.Return(lent, 1);

        Assert.IsTrue(lent.IsClosed);
    }

    private static Argon2MemoryPool NewPool() => new(1, TimeSpan.FromMinutes(1), TimeProvider.System);

    private static void AssertReturnedAndWiped(Argon2MemoryPool pool)
    {
        Assert.AreEqual(1, pool.IdleAreas);
        Argon2Memory memory = pool.Rent(Blocks, CancellationToken.None);
        foreach (ref readonly Block block in memory.Blocks(Blocks))
        {
            Assert.IsFalse(((ReadOnlySpan<ulong>)block).ContainsAnyExcept(0UL));
        }

        pool.Return(memory, Blocks);
    }
}
