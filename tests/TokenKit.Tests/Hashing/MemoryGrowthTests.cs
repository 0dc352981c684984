using System.Diagnostics;
using Microsoft.Extensions.Options;
using TokenKit.Diagnostics;
using TokenKit.Hashing;
using TokenKit.Turns;

namespace TokenKit.Tests.Hashing;

/// <summary>How much memory a process needs for many hashes at once. The child process has a peak of its own.</summary>
[TestClass]
public sealed class MemoryGrowthTests
{
    private const int Permits = 2;
    private const int Callers = 32;
    private const int HashesPerCaller = 2;
    private const long MaximumOverhead = 20 << 20;

    [TestMethod]
    public Task Hashes_OfManyCallers_NeedTheMemoryOfThePermitsOnly() => ChildProcess.RunAsync(["growth"]);

    /// <summary>Runs in the child process.</summary>
    internal static void Work()
    {
        IOptions<HashingOptions> options = Options.Create(new HashingOptions { MaximumConcurrency = Permits });
        using var metrics = new Metrics(null);
        using var hasher = new Argon2SecretHasher(options, KeyRing.Empty, TimeProvider.System);
        using var gate = new HashingGate(hasher, options, TimeProvider.System, metrics);
        using var process = Process.GetCurrentProcess();
        long before = process.PeakWorkingSet64;

        var callers = Enumerable.Range(0, Callers).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < HashesPerCaller; i++)
            {
                Assert.IsTrue(gate.TryRun(new TurnOwner("api", "", Guid.NewGuid()), TurnLane.First, stopping => hasher.Hash("acme_x"u8, stopping), out Task<string>? task));
                task.GetAwaiter().GetResult();
            }
        })).ToList();
        callers.ForEach(caller => caller.Start());
        callers.ForEach(caller => caller.Join());

        process.Refresh();
        long areas = Permits * 1024L * options.Value.Parameters.MemoryKiB;
        Assert.IsInRange(areas / 2, areas + MaximumOverhead, process.PeakWorkingSet64 - before);
    }
}
