using System.Globalization;
using Microsoft.Extensions.Options;
using TokenKit.Diagnostics;
using TokenKit.Hashing;
using TokenKit.Turns;

namespace TokenKit.Benchmarks;

/// <summary>Many callers behind a gate of two permits beside two threads that hash without one: neither memory nor speed may suffer from the crowd.</summary>
internal static class GateComparison
{
    private const int Permits = 2;
    private const int Callers = 32;
    private const int HashesPerTurn = 64;

    public static void Run()
    {
        IOptions<HashingOptions> options = Options.Create(new HashingOptions { MaximumConcurrency = Permits });
        using var metrics = new Metrics(null);
        using var hasher = new Argon2SecretHasher(options, KeyRing.Empty, TimeProvider.System);
        using var gate = new HashingGate(hasher, options, TimeProvider.System, metrics);
        Action crowd = () => Together(Callers, () =>
        {
            gate.TryRun(default, TurnLane.First, stopping => hasher.Hash("acme_x"u8, stopping), out Task<string>? task);
            task!.GetAwaiter().GetResult();
        });
        Action two = () => Together(Permits, () => hasher.Hash("acme_x"u8, CancellationToken.None));

        double growth = PeakMemory.Growth(crowd);
        Times[] times = Interleaved.Measure(TimeSpan.FromSeconds(15), crowd, two);

        Argon2Parameters parameters = options.Value.Parameters;
        int limit = (Permits * parameters.MemoryKiB / 1024) + 20;
        Console.WriteLine();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {parameters.MemoryKiB},{parameters.Iterations},{parameters.Parallelism}, {Permits} permits: {Callers} threads {Rate(times[0]):0} hashes/s, {Permits} threads without the gate {Rate(times[1]):0} hashes/s, ratio {times[1].RatioTo(times[0]):0.00}
            {Callers} threads grow the process by {growth:0} MiB (2 × m + 20 MiB = {limit} MiB)
            """));
    }

    private static double Rate(Times times) => HashesPerTurn * 1000 / times.Median;

    private static void Together(int threads, Action hash)
    {
        var all = Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < HashesPerTurn / threads; i++)
            {
                hash();
            }
        })).ToList();
        all.ForEach(thread => thread.Start());
        all.ForEach(thread => thread.Join());
    }
}
