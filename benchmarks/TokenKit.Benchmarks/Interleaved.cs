using System.Diagnostics;

namespace TokenKit.Benchmarks;

/// <summary>Times of one contender in milliseconds, in the order of the rounds.</summary>
internal sealed class Times(IReadOnlyList<double> rounds)
{
    public double Median => MedianOf(rounds);

    public double Least => rounds.Min();

    public double Most => rounds.Max();

    /// <summary>The median of what each round says: neighbours in time are compared with each other, so that a busy minute does not count more for one than for the other.</summary>
    public double RatioTo(Times other) => MedianOf(rounds.Zip(other.Rounds, (own, others) => own / others));

    private IReadOnlyList<double> Rounds => rounds;

    private static double MedianOf(IEnumerable<double> numbers)
    {
        var sorted = numbers.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}

/// <summary>
/// Times contenders in turns: once each, again and again. What else the machine does meanwhile hits all of them alike, so that their
/// ratios hold even where their times do not.
/// </summary>
internal static class Interleaved
{
    private const int LeastRounds = 9;

    public static Times[] Measure(TimeSpan duration, params IReadOnlyList<Action> contenders)
    {
        foreach (Action contender in contenders)
        {
            contender();
        }

        var times = contenders.Select(_ => new List<double>()).ToList();
        var total = Stopwatch.StartNew();
        while (times[0].Count < LeastRounds || total.Elapsed < duration)
        {
            for (int i = 0; i < contenders.Count; i++)
            {
                long startedAt = Stopwatch.GetTimestamp();
                contenders[i]();
                times[i].Add(Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds);
            }
        }

        return [.. times.Select(rounds => new Times(rounds))];
    }
}
