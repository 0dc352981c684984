using System.Diagnostics;
using Microsoft.Data.Sqlite;
using TokenKit.LoadBenchmarks.Driving;
using TokenKit.LoadBenchmarks.Hosting;
using TokenKit.TestKit;

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

/// <summary>A contender on a server, with the connections that drive it.</summary>
internal sealed class Lane(ServerProcess server, Contender contender) : IDisposable
{
    private const int Connections = 16;

    public ServerProcess Server { get; } = server;

    public Rounds Rounds { get; } = new(contender);

    public ClosedLoop Loop { get; } = new(contender, contender.Hashes ? 1 : Connections);

    public void Dispose() => Loop.Dispose();
}

/// <summary>
/// Drives the contenders in rounds: in each all of them, in an order that is drawn anew. What else the machine does hits all alike, and
/// ratios are taken between neighbours in time.
/// </summary>
internal static class Macro
{
    // In one pass over all contenders; some are compiled for as long as a process lives.
    private const int FewMethods = 10;

    public static async Task RunAsync(Scale scale)
    {
        using var folder = new TemporaryFolder();
        await using PostgreSqlServer? postgreSql = await PostgreSqlServer.StartAsync();
        if (postgreSql is null)
        {
            Console.WriteLine("PostgreSQL's server is not installed: its rows are left out.");
        }

        List<Rounds> all;
        using (ServerProcess server = await ServerProcess.StartAsync(Environment.ProcessPath!, "macro", folder.Path, postgreSql?.ConnectionString ?? ""))
        {
            all = Measure(server, scale);
        }

        Figures.PrintRounds(all);
        Goals.Judge(all);
        await PrintWritesAsync(folder, all, scale);
    }

    private static List<Rounds> Measure(ServerProcess server, Scale scale)
    {
        Lane[] lanes = [.. server.Contenders.Where(scale.Includes).Select(contender => new Lane(server, contender))];
        try
        {
            WarmUp(scale, lanes);
            for (int round = 0; round < scale.Rounds; round++)
            {
                Random.Shared.Shuffle(lanes);
                Array.ForEach(lanes, lane => Take(lane, scale));
            }
        }
        finally
        {
            Array.ForEach(lanes, lane => lane.Dispose());
        }

        return [.. server.Contenders.SelectMany(contender => lanes.Where(lane => lane.Rounds.Contender == contender).Select(lane => lane.Rounds))];
    }

    /// <summary>Drives the lanes until the runtime compiles next to nothing: what it compiles of one is not to be counted for another.</summary>
    public static void WarmUp(Scale scale, IReadOnlyList<Lane> lanes)
    {
        ServerProcess[] servers = [.. lanes.Select(lane => lane.Server).Distinct()];
        long compiled = 0;
        for (int pass = 1; pass <= scale.MostWarmUps; pass++)
        {
            foreach (Lane lane in lanes)
            {
                lane.Rounds.WarmUps += lane.Loop.Run(scale.RequestsFor(lane.Rounds.Contender) * 4).Length;
            }

            long before = compiled;
            compiled = servers.Sum(server => server.Ask().Compiled);
            if (compiled - before < FewMethods)
            {
                break;
            }
        }
    }

    /// <summary>Drives a lane for one round.</summary>
    public static void Take(Lane lane, Scale scale)
    {
        Rounds rounds = lane.Rounds;
        Consumption before = lane.Server.Ask();
        long start = Stopwatch.GetTimestamp();
        double[] times = lane.Loop.Run(scale.RequestsFor(rounds.Contender));
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        Consumption after = lane.Server.Ask();
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
