using TokenKit.LoadBenchmarks.Driving;
using TokenKit.TestKit;
using static System.FormattableString;

namespace TokenKit.LoadBenchmarks;

/// <summary>
/// Compares this build with another one, for example that of the commit before. Each has a server process and databases of its own. In each
/// round both builds drive every contender, one right after the other, so that what else the machine does hits both alike.
/// </summary>
internal static class Builds
{
    public static async Task CompareAsync(Scale scale, string otherProgram)
    {
        await using Side own = await Side.StartAsync(Environment.ProcessPath!);
        await using Side other = await Side.StartAsync(otherProgram);
        (Lane Own, Lane Other)[] pairs =
        [
            .. own.Server.Contenders.Where(scale.Includes)
                .Join(other.Server.Contenders, one => one.Name, two => two.Name, (one, two) => (new Lane(own.Server, one), new Lane(other.Server, two))),
        ];
        try
        {
            Macro.WarmUp(own.Server, scale, [.. pairs.Select(pair => pair.Own)]);
            Macro.WarmUp(other.Server, scale, [.. pairs.Select(pair => pair.Other)]);
            for (int round = 0; round < scale.Rounds; round++)
            {
                Random.Shared.Shuffle(pairs);
                foreach ((Lane first, Lane second) in pairs)
                {
                    Lane[] turns = round % 2 == 0 ? [first, second] : [second, first];
                    Array.ForEach(turns, lane => Macro.Take(lane, scale));
                }
            }
        }
        finally
        {
            Array.ForEach(pairs, pair =>
            {
                pair.Own.Dispose();
                pair.Other.Dispose();
            });
        }

        Print(pairs.OrderBy(pair => pair.Own.Rounds.Contender.Name, StringComparer.Ordinal));
    }

    private static void Print(IEnumerable<(Lane Own, Lane Other)> pairs)
    {
        Console.WriteLine();
        Console.WriteLine("| this build : the other | CPU of the server | 95 % interval | bytes per request |");
        Console.WriteLine("|---|--:|---|--:|");
        foreach ((Lane own, Lane other) in pairs)
        {
            Estimate cpu = Statistics.OfPairs(own.Rounds.Cpu, other.Rounds.Cpu, (a, b) => a / b);
            Estimate bytes = Statistics.OfPairs(own.Rounds.Bytes, other.Rounds.Bytes, (a, b) => a - b);
            Console.WriteLine(Invariant($"| {own.Rounds.Contender.Name} | {cpu.Value:0.000} | {cpu.Low:0.000} – {cpu.High:0.000} | {bytes.Value:+0;-0;0} |"));
        }
    }

    /// <summary>One build with what it runs on.</summary>
    private sealed class Side(ServerProcess server, PostgreSqlServer? postgreSql, TemporaryFolder folder) : IAsyncDisposable
    {
        public ServerProcess Server { get; } = server;

        public static async Task<Side> StartAsync(string program)
        {
            var folder = new TemporaryFolder();
            PostgreSqlServer? postgreSql = await PostgreSqlServer.StartAsync();
            ServerProcess server = await ServerProcess.StartAsync(program, "macro", folder.Path, postgreSql?.ConnectionString ?? "");
            return new Side(server, postgreSql, folder);
        }

        public async ValueTask DisposeAsync()
        {
            Server.Dispose();
            if (postgreSql is not null)
            {
                await postgreSql.DisposeAsync();
            }

            folder.Dispose();
        }
    }
}
