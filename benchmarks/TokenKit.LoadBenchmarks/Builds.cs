using TokenKit.LoadBenchmarks.Driving;
using TokenKit.TestKit;
using static System.FormattableString;

namespace TokenKit.LoadBenchmarks;

/// <summary>
/// Compares this build with another one, for example that of the commit before. Two processes of one program differ by more than the rounds of
/// either tell: the runtime compiles and lays out each its own way. So the processes are started anew, block by block, and the blocks are what
/// the interval is computed from. Within a block both builds drive every contender, one right after the other, so that what else the machine
/// does hits both alike.
/// </summary>
internal static class Builds
{
    public static async Task CompareAsync(Scale scale, string otherProgram)
    {
        List<Block> blocks = [];
        for (int number = 0; number < scale.Blocks; number++)
        {
            blocks.AddRange(await TakeAsync(scale, otherProgram, isOwnFirst: number % 2 == 0));
        }

        Print(blocks.GroupBy(block => block.Contender, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal));
    }

    /// <summary>Drives a new process of each build.</summary>
    private static async Task<IReadOnlyList<Block>> TakeAsync(Scale scale, string otherProgram, bool isOwnFirst)
    {
        string ownProgram = Environment.ProcessPath!;
        await using Side first = await Side.StartAsync(isOwnFirst ? ownProgram : otherProgram);
        await using Side second = await Side.StartAsync(isOwnFirst ? otherProgram : ownProgram);
        (Lane First, Lane Second)[] pairs =
        [
            .. first.Server.Contenders.Where(scale.Includes)
                .Join(second.Server.Contenders, one => one.Name, two => two.Name, (one, two) => (new Lane(first.Server, one), new Lane(second.Server, two))),
        ];
        try
        {
            // Together: what the runtime still compiles after a warm-up of its own would be counted for the one that came last.
            Macro.WarmUp(scale, [.. pairs.SelectMany(pair => (Lane[])[pair.First, pair.Second])]);
            for (int round = 0; round < scale.Rounds; round++)
            {
                Random.Shared.Shuffle(pairs);
                foreach ((Lane one, Lane two) in pairs)
                {
                    Lane[] turns = round % 2 == 0 ? [one, two] : [two, one];
                    Array.ForEach(turns, lane => Macro.Take(lane, scale));
                }
            }

            return [.. pairs.Select(pair => isOwnFirst ? Block.Of(pair.First.Rounds, pair.Second.Rounds) : Block.Of(pair.Second.Rounds, pair.First.Rounds))];
        }
        finally
        {
            Array.ForEach(pairs, pair =>
            {
                pair.First.Dispose();
                pair.Second.Dispose();
            });
        }
    }

    private static void Print(IEnumerable<IGrouping<string, Block>> contenders)
    {
        Console.WriteLine();
        Console.WriteLine("| this build : the other | CPU of the server | 95 % interval | blocks, least – most | bytes per request |");
        Console.WriteLine("|---|--:|---|---|--:|");
        foreach (IGrouping<string, Block> blocks in contenders)
        {
            double[] ratios = [.. blocks.Select(block => block.Cpu)];
            Estimate cpu = Statistics.OfRatios(ratios);
            double bytes = Statistics.Median(blocks.Select(block => block.Bytes));
            Console.WriteLine(Invariant($"| {blocks.Key} | {cpu.Value:0.000} | {cpu.Low:0.000} – {cpu.High:0.000} ")
                + Invariant($"| {ratios.Min():0.000} – {ratios.Max():0.000} | {bytes:+0;-0;0} |"));
        }
    }

    /// <summary>What one pair of processes says of a contender: medians over its rounds.</summary>
    /// <param name="Contender">Its name.</param>
    /// <param name="Cpu">Processor time of this build, divided by that of the other.</param>
    /// <param name="Bytes">Bytes that this build allocates per request beyond what the other does.</param>
    private sealed record Block(string Contender, double Cpu, double Bytes)
    {
        public static Block Of(Rounds own, Rounds other) => new(
            own.Contender.Name,
            Statistics.Median(own.Cpu.Zip(other.Cpu, (a, b) => a / b)),
            Statistics.Median(own.Bytes.Zip(other.Bytes, (a, b) => a - b)));
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
