using System.Diagnostics;
using Microsoft.Data.Sqlite;
using TokenKit.LoadBenchmarks.Driving;
using TokenKit.LoadBenchmarks.Hosting;

namespace TokenKit.LoadBenchmarks;

/// <summary>What one contender needed, round by round.</summary>
internal sealed class Rounds(Contender contender)
{
    public Contender Contender { get; } = contender;

    /// <summary>Requests before the first round.</summary>
    public int WarmUps { get; set; }

    public List<double> PerSecond { get; } = [];

    /// <summary>Processor time of the server per request, in microseconds: what is seconds per million requests.</summary>
    public List<double> Cpu { get; } = [];

    public List<double> Bytes { get; } = [];

    public List<double> Milliseconds { get; } = [];
}

/// <summary>
/// Drives the contenders in rounds: in each all of them, in an order that is drawn anew. What else the machine does hits all alike, and
/// ratios are taken between neighbours in time.
/// </summary>
internal static class Macro
{
    private const int Connections = 16;

    // In one pass over all contenders; some are compiled for as long as a process lives.
    private const int FewMethods = 10;

    public static async Task RunAsync(Scale scale)
    {
        using var folder = new TemporaryFolder();
        await using PrivatePostgreSql? postgreSql = await PrivatePostgreSql.StartAsync();
        if (postgreSql is null)
        {
            Console.WriteLine("PostgreSQL's server is not installed: its rows are left out.");
        }

        List<Rounds> all;
        using (ServerProcess server = await ServerProcess.StartAsync("macro", folder.Path, postgreSql?.ConnectionString ?? ""))
        {
            all = Measure(server, scale);
        }

        Figures.PrintRounds(all);
        Goals.Judge(all);
        await PrintWritesAsync(folder, all, scale);
    }

    private static List<Rounds> Measure(ServerProcess server, Scale scale)
    {
        var lanes = server.Contenders
            .Where(scale.Includes)
            .Select(contender => (Rounds: new Rounds(contender), Loop: new ClosedLoop(contender, contender.Hashes ? 1 : Connections)))
            .ToArray();
        try
        {
            WarmUp(server, scale, lanes);
            for (int round = 0; round < scale.Rounds; round++)
            {
                Random.Shared.Shuffle(lanes);
                foreach ((Rounds rounds, ClosedLoop loop) in lanes)
                {
                    Take(server, rounds, loop, scale.RequestsFor(rounds.Contender));
                }
            }
        }
        finally
        {
            Array.ForEach(lanes, lane => lane.Loop.Dispose());
        }

        return [.. server.Contenders.SelectMany(contender => lanes.Where(lane => lane.Rounds.Contender == contender).Select(lane => lane.Rounds))];
    }

    // The runtime compiles what is called often again, and later once more: that is not to be counted for whoever is driven at that moment.
    private static void WarmUp(ServerProcess server, Scale scale, (Rounds Rounds, ClosedLoop Loop)[] lanes)
    {
        long compiled = 0;
        for (int pass = 1; pass <= scale.MostWarmUps; pass++)
        {
            foreach ((Rounds rounds, ClosedLoop loop) in lanes)
            {
                rounds.WarmUps += loop.Run(scale.RequestsFor(rounds.Contender) * 4).Length;
            }

            long before = compiled;
            compiled = server.Ask().Compiled;
            if (compiled - before < FewMethods)
            {
                break;
            }
        }
    }

    private static void Take(ServerProcess server, Rounds rounds, ClosedLoop loop, int count)
    {
        Consumption before = server.Ask();
        long start = Stopwatch.GetTimestamp();
        double[] times = loop.Run(count);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        Consumption after = server.Ask();
        rounds.PerSecond.Add(times.Length / elapsed.TotalSeconds);
        rounds.Cpu.Add((after.Cpu - before.Cpu) / times.Length);
        rounds.Bytes.Add((double)(after.Bytes - before.Bytes) / times.Length);
        rounds.Milliseconds.AddRange(times);
    }

    // The server has stopped and written down what was left.
    private static async Task PrintWritesAsync(TemporaryFolder folder, List<Rounds> all, Scale scale)
    {
        if (all.Find(rounds => rounds.Contender.Name == Contender.Cached) is not { } cached)
        {
            return;
        }

        await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder.Path, MacroHosts.TrackedFile)};Mode=ReadOnly");
        await connection.OpenAsync();
        await using var command = new SqliteCommand("SELECT count(*) FROM last_use_written", connection);
        long writes = (long)(await command.ExecuteScalarAsync())!;
        long requests = cached.WarmUps + cached.Milliseconds.Count;
        Console.WriteLine();
        Console.WriteLine(FormattableString.Invariant(
            $"Last use: {writes} row writes for {requests:N0} requests on {cached.Contender.Credentials.Length} hot tokens, ")
            + FormattableString.Invariant($"{writes * 10_000.0 / requests:0.00} per 10,000 requests (goal: 10 or less)."));
    }
}
