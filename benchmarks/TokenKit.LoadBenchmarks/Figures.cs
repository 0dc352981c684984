using static System.FormattableString;

namespace TokenKit.LoadBenchmarks;

/// <summary>Prints tables in Markdown.</summary>
internal static class Figures
{
    public static void PrintMachine()
    {
        string load = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
        Console.WriteLine(Invariant($"{Environment.ProcessorCount} processors, .NET {Environment.Version}, load before the run {load}"));
    }

    public static void PrintRounds(IReadOnlyList<Rounds> all)
    {
        Rounds? noOp = all.FirstOrDefault(rounds => rounds.Contender.Name == Contender.NoOp);
        Console.WriteLine();
        Console.WriteLine("| | requests/s | p50 | p99 | CPU s per 100,000 | bytes per request | CPU : no-op handler |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|");
        foreach (Rounds rounds in all)
        {
            string ratio = noOp is null ? "" : Invariant($"{Statistics.OfPairs(rounds.Cpu, noOp.Cpu, (a, b) => a / b).Value:0.00}");
            Console.WriteLine(Invariant($"| {rounds.Contender.Name} | {Statistics.Median(rounds.PerSecond):N0} ")
                + Invariant($"| {Statistics.Percentile(rounds.Milliseconds, 0.5):0.00} ms | {Statistics.Percentile(rounds.Milliseconds, 0.99):0.00} ms ")
                + Invariant($"| {Statistics.Median(rounds.Cpu) / 10:0.00} | {Statistics.Median(rounds.Bytes):N0} | {ratio} |"));
        }
    }
}
