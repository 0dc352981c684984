using TokenKit.Hashing.Argon2;

namespace TokenKit.Tests.Hashing.Argon2;

/// <summary>Lanes get no help when no thread of the pool is free. The child process has a thread pool to starve.</summary>
[TestClass]
public sealed class StarvationTests
{
    private static readonly Argon2Parameters Lanes = new(1024, 3, 8);

    [TestMethod]
    public Task DeriveKey_NoThreadOfThePoolFree_StillEnds() => ChildProcess.RunAsync(["starved"]);

    /// <summary>Runs in the child process.</summary>
    internal static void Work()
    {
        string expected = Derive();
        int threads = Environment.ProcessorCount;
        ThreadPool.SetMinThreads(threads, threads);
        Assert.IsTrue(ThreadPool.SetMaxThreads(threads, threads));

        // All threads of the pool hash, and each hash waits in vain for help from them.
        Task<string>[] hashes = Enumerable.Range(0, 8 * threads).Select(_ => Task.Run(Derive)).ToArray();
        foreach (Task<string>? hash in hashes)
        {
            Assert.AreEqual(expected, hash.GetAwaiter().GetResult());
        }

        // All threads of the pool are stuck, and another thread hashes.
        using var stuck = new CountdownEvent(threads);
        using var end = new ManualResetEventSlim();
        for (int i = 0; i < threads; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    stuck.Signal();
                    end.Wait();
                },
                null);
        }

        stuck.Wait();
        Assert.AreEqual(expected, Derive());
        end.Set();
    }

    private static string Derive()
    {
        using var pool = new Argon2MemoryPool(1, TimeSpan.FromMinutes(1), TimeProvider.System);
        byte[] tag = new byte[32];
        Argon2id.DeriveKey("password"u8, Counting.Bytes(16), tag, Lanes, pool);
        return Convert.ToHexString(tag);
    }
}
