using System.Security.Cryptography;
using TokenKit.LoadBenchmarks.Driving;
using TokenKit.LoadBenchmarks.Hosting;
using static System.FormattableString;

namespace TokenKit.LoadBenchmarks;

/// <summary>
/// Genuine callers at a fixed rate, beside connections that present forged tokens as fast as they can. What the genuine ones would see
/// beside the same number of connections to an endpoint that is open to everybody is the baseline: the machine is as busy.
/// </summary>
internal static class Flood
{
    private const int PerSecond = 200;
    private const int GenuineTokens = 50;
    private const int GenuineConnections = 16;
    private const int FloodConnections = 32;
    private const int Forgeries = 500;
    private const double MostTimes = 2;

    public static async Task RunAsync(Scale scale)
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "tokens.db");
        IssueResult.Issued[] issued = await TokenHosts.FillAsync(file, GenuineTokens, hasKeyRing: false);
        using ServerProcess server = await ServerProcess.StartAsync(Environment.ProcessPath!, "tokens", file, bool.FalseString);
        Contender tokens = server.Find(Contender.Sqlite) with { Credentials = [.. issued.Select(one => one.Plaintext.Reveal())] };
        Contender forged = tokens with { Name = "forged", Credentials = Forge(issued), Status = 401 };
        Contender open = server.Find(Contender.Anonymous);

        // Every genuine token has its proof, and the code is compiled.
        foreach (Contender contender in (Contender[])[tokens, forged, open])
        {
            using var warmUp = new ClosedLoop(contender, GenuineConnections);
            warmUp.Run(GenuineTokens * 200);
        }

        var baseline = new Side("open endpoint", open);
        var flood = new Side("forged tokens", forged);
        for (int pair = 0; pair < scale.FloodPairs; pair++)
        {
            Side[] sides = Random.Shared.Next(2) == 0 ? [baseline, flood] : [flood, baseline];
            Array.ForEach(sides, side => Take(server, tokens, side, scale.FloodSeconds));
        }

        Print(baseline, flood, scale);
    }

    private static void Take(ServerProcess server, Contender tokens, Side side, int seconds)
    {
        byte[][] genuine = HttpConnection.Requests(tokens);
        byte[][] requests = [.. Enumerable.Range(0, PerSecond * seconds).Select(number => genuine[number % genuine.Length])];
        long runs = server.Ask().HashRuns;
        using var stop = new CancellationTokenSource();
        using var loop = new ClosedLoop(side.Contender, FloodConnections);
        Task<long> flooding = Task.Run(() => loop.RunUntil(stop.Token));
        OpenLoopResult result = OpenLoop.Run(tokens.Port, requests, PerSecond, GenuineConnections);
        stop.Cancel();
        side.Flooded += flooding.Result;
        side.P99.Add(Statistics.Percentile(result.Milliseconds, 0.99));
        side.Milliseconds.AddRange(result.Milliseconds);
        side.Errors += requests.Length - result.Count(200);
        side.HashRuns += server.Ask().HashRuns - runs;
    }

    private static void Print(Side baseline, Side flood, Scale scale)
    {
        Console.WriteLine();
        Console.WriteLine("| beside 32 connections | flood requests/s | genuine | p50 | p99 | errors | Argon2id runs |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|");
        foreach (Side side in (Side[])[baseline, flood])
        {
            Console.WriteLine(
                Invariant($"| {side.Name} | {side.Flooded / (double)(scale.FloodPairs * scale.FloodSeconds):N0} | {side.Milliseconds.Count:N0} ")
                + Invariant($"| {Statistics.Percentile(side.Milliseconds, 0.5):0.00} ms | {Statistics.Percentile(side.Milliseconds, 0.99):0.00} ms ")
                + Invariant($"| {side.Errors} | {side.HashRuns} |"));
        }

        Estimate ratio = Statistics.OfPairs(flood.P99, baseline.P99, (a, b) => a / b);
        bool passes = ratio.Value <= MostTimes && flood.Errors == 0 && flood.HashRuns == 0;
        Console.WriteLine();
        Console.WriteLine(Invariant(
            $"p99 of genuine requests, beside forged tokens : beside an open endpoint: {ratio.Value:0.00} ({ratio.Low:0.00} – {ratio.High:0.00}); ")
            + $"goal ≤ 2 without an error or an Argon2id run: {(passes ? "reached" : "missed")}");
    }

    private static string[] Forge(IssueResult.Issued[] issued) =>
        [.. Enumerable.Range(0, Forgeries).Select(number => TokenHosts.Forge(issued[number % issued.Length].Token, RandomNumberGenerator.GetBytes(32)))];

    private sealed class Side(string name, Contender contender)
    {
        public string Name { get; } = name;

        public Contender Contender { get; } = contender;

        public List<double> P99 { get; } = [];

        public List<double> Milliseconds { get; } = [];

        public long Flooded { get; set; }

        public int Errors { get; set; }

        public long HashRuns { get; set; }
    }
}
