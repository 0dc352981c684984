using Microsoft.Extensions.Options;
using TokenKit.Hashing;
using TokenKit.Hashing.Argon2;
using TokenKit.Tests.Hashing.Argon2;

namespace TokenKit.Tests.Hashing;

/// <summary>What hashing leaves to the garbage collector. The child process has a collector that nobody else keeps busy.</summary>
[TestClass]
public sealed class AllocationTests
{
    private const int Hashes = 1000;
    private const int MaximumBytesPerHash = 1024;

    [TestMethod]
    public Task Hashes_AThousand_AllocateLittleAndCauseNoFullCollection() => ChildProcess.RunAsync(["allocation"]);

    /// <summary>Runs in the child process.</summary>
    internal static void Work()
    {
        foreach (Argon2Parameters? parameters in new[] { new Argon2Parameters(256, 1, 1), new Argon2Parameters(256, 1, 4) })
        {
            using var pool = new Argon2MemoryPool(1, TimeSpan.FromMinutes(1), TimeProvider.System);
            using var hasher = new Argon2SecretHasher(Options.Create(new HashingOptions { Parameters = parameters }), KeyRing.Empty, TimeProvider.System);
            byte[] tag = new byte[32];
            string hash = hasher.Hash("acme_x"u8, CancellationToken.None);

            Measure($"one-shot, {parameters}", () => Argon2id.DeriveKey("acme_x"u8, Counting.Bytes(16), tag, parameters));
            Measure($"pool, {parameters}", () => Argon2id.DeriveKey("acme_x"u8, Counting.Bytes(16), tag, parameters, pool));
            Measure($"hash, {parameters}", () => hasher.Hash("acme_x"u8, CancellationToken.None));
            Measure($"verify, {parameters}", () => hasher.Verify("acme_x"u8, hash, CancellationToken.None));
        }
    }

    private static void Measure(string what, Action hash)
    {
        hash();
        int collections = GC.CollectionCount(GC.MaxGeneration);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < Hashes; i++)
        {
            hash();
        }

        long bytesPerHash = (GC.GetTotalAllocatedBytes(precise: true) - before) / Hashes;
        Assert.IsLessThanOrEqualTo(MaximumBytesPerHash, bytesPerHash, what);
        Assert.AreEqual(collections, GC.CollectionCount(GC.MaxGeneration), what);
    }
}
