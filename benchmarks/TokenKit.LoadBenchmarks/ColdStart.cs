using TokenKit.LoadBenchmarks.Driving;
using TokenKit.LoadBenchmarks.Hosting;
using static System.FormattableString;

namespace TokenKit.LoadBenchmarks;

/// <summary>The first minute after a start: every token comes once, none has a proof. Then all of them once more, warm.</summary>
internal static class ColdStart
{
    private const int PerSecond = 200;
    private const int Connections = 64;

    public static async Task RunAsync(Scale scale)
    {
        Console.WriteLine();
        Console.WriteLine("| cold start | requests | p50 | p90 | p99 | longest | 200 | 503 | other | Argon2id runs | peak memory |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        await RunAsync("without a key ring", scale, hasKeyRing: false);
        await RunAsync("with a key ring", scale, hasKeyRing: true);
    }

    private static async Task RunAsync(string name, Scale scale, bool hasKeyRing)
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "tokens.db");
        IssueResult.Issued[] issued = await TokenHosts.FillAsync(file, scale.ColdTokens, hasKeyRing);
        byte[][] requests = [.. issued.Select(one => HttpConnection.Request(one.Plaintext.Reveal()))];
        Random.Shared.Shuffle(requests);

        using ServerProcess server = await ServerProcess.StartAsync(Environment.ProcessPath!, "tokens", file, hasKeyRing.ToString());
        int port = server.Find(Contender.Sqlite).Port;
        double cold = Take($"{name}, first use", server, port, requests);
        double warm = Take($"{name}, warm", server, port, requests);
        Console.WriteLine(Invariant($"| {name}, p99 cold : warm | | | | {cold / warm:0.0} | | | | | | |"));
    }

    private static double Take(string name, ServerProcess server, int port, byte[][] requests)
    {
        long runs = server.Ask().HashRuns;
        OpenLoopResult result = OpenLoop.Run(port, requests, PerSecond, Connections);
        runs = server.Ask().HashRuns - runs;
        double p99 = Statistics.Percentile(result.Milliseconds, 0.99);
        int other = requests.Length - result.Count(200) - result.Count(503);
        Console.WriteLine(
            Invariant($"| {name} | {requests.Length:N0} | {Statistics.Percentile(result.Milliseconds, 0.5):0.0} ms ")
            + Invariant($"| {Statistics.Percentile(result.Milliseconds, 0.9):0.0} ms | {p99:0.0} ms | {result.Milliseconds.Max():0} ms ")
            + Invariant($"| {result.Count(200):N0} | {result.Count(503):N0} | {other:N0} | {runs:N0} | {server.PeakMemory:0} MiB |"));
        return p99;
    }
}
