using System.Globalization;

namespace TokenKit.LoadBenchmarks;

/// <summary>The goals of the macro benchmark, and whether a run has reached them.</summary>
internal static class Goals
{
    private const double Near = 0.2;
    private const double Slack = 0.05;
    private const int LeastRounds = 20;
    private const double MostExtraBytes = 300;

    private static readonly (string Own, string Other, double Most)[] CpuRatios =
    [
        (Contender.Cached, Contender.NoOp, 1.15),
        (Contender.Cached, Contender.JwtHs256, 0.75),
        (Contender.Cached, Contender.JwtRs256, 0.45),
        (Contender.Cached, Contender.CachedUntracked, 1.05),
        (Contender.Cold, Contender.Bare, 1.10),
        (Contender.Sqlite, Contender.HandSqlite, 1.05),
        (Contender.PostgreSql, Contender.HandPostgreSql, 1.05),
        (Contender.PlainPostgreSql, Contender.HandPlainPostgreSql, 1.05),
        (Contender.Malformed, Contender.NoOp, 1.30),
        (Contender.UnknownCached, Contender.HandUnknownSqlite, 1.05),
        (Contender.UnknownSqlite, Contender.HandUnknownSqlite, 1.05),
        (Contender.UnknownPostgreSql, Contender.HandUnknownPostgreSql, 1.05),
    ];

    public static void Judge(IReadOnlyList<Rounds> all)
    {
        Console.WriteLine();
        if (all[0].Cpu.Count < LeastRounds)
        {
            Console.WriteLine($"Less than {LeastRounds} rounds: the judgements below mean nothing.");
        }

        Console.WriteLine("| CPU of the server per request | ratio | 95 % interval | goal | |");
        Console.WriteLine("|---|--:|---|--:|---|");
        foreach ((string own, string other, double most) in CpuRatios)
        {
            if (Find(all, own) is { } left && Find(all, other) is { } right)
            {
                Estimate ratio = Statistics.OfPairs(left.Cpu, right.Cpu, (a, b) => a / b);

                // So near to one, noise alone decides on which side of the goal a median lies: the interval has to be clear of it.
                bool passes = Math.Abs(most - 1) <= Near ? ratio.High < most + Slack : ratio.Value <= most;
                Print($"{own} : {other}", ratio, "0.000", most, passes);
            }
        }

        if (Find(all, Contender.Cached) is { } cached && Find(all, Contender.Principal) is { } principal)
        {
            Estimate extra = Statistics.OfPairs(cached.Bytes, principal.Bytes, (a, b) => a - b);
            Print($"bytes: {Contender.Cached} − {Contender.Principal}", extra, "0", MostExtraBytes, extra.Value <= MostExtraBytes);
        }
    }

    private static Rounds? Find(IReadOnlyList<Rounds> all, string name) => all.FirstOrDefault(rounds => rounds.Contender.Name == name);

    private static void Print(string what, Estimate estimate, string format, double most, bool passes)
    {
        Console.WriteLine(
            $"| {what} | {Text(estimate.Value)} | {Text(estimate.Low)} – {Text(estimate.High)} "
            + $"| ≤ {most.ToString(CultureInfo.InvariantCulture)} | {(passes ? "reached" : "missed")} |");

        string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
    }
}
