using TokenKit.Hashing.Argon2;

namespace TokenKit.Tests.Hashing.Argon2;

[TestClass]
public sealed class ConcurrencyTests
{
    private const int Threads = 64;
    private const int Areas = 4;
    private const int HashesPerThread = 8;

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    public void DeriveKey_ManyThreadsOnASmallPool_GivesEachItsOwnResult(int lanes)
    {
        var parameters = new Argon2Parameters(256, 2, lanes);
        using var pool = new Argon2MemoryPool(Areas, TimeSpan.FromMinutes(1), TimeProvider.System);
        string[] expected = Enumerable.Range(0, Threads).Select(Alone).ToArray();
        string[][] together = new string[Threads][];
        using var start = new Barrier(Threads);

        // Threads of their own: the thread pool would let them begin one by one.
        var threads = Enumerable.Range(0, Threads).Select(number => new Thread(() =>
        {
            start.SignalAndWait();
            together[number] = [.. Enumerable.Range(0, HashesPerThread).Select(_ => Derive(number, pool))];
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        for (int number = 0; number < Threads; number++)
        {
            Assert.HasCount(HashesPerThread, together[number]);
            CollectionAssert.AreEqual(new[] { expected[number] }, together[number].Distinct().ToArray());
        }

        Assert.IsInRange(1, Areas, pool.IdleAreas);

        string Alone(int number)
        {
            using var ownPool = new Argon2MemoryPool(1, TimeSpan.FromMinutes(1), TimeProvider.System);
            return Derive(number, ownPool);
        }

        string Derive(int number, Argon2MemoryPool from)
        {
            byte[] tag = new byte[32];
            Argon2id.DeriveKey(Counting.Bytes(number), Counting.Bytes(16), tag, parameters, from);
            return Convert.ToHexString(tag);
        }
    }
}
