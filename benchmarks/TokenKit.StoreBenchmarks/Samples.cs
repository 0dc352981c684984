using System.Diagnostics;
using System.Globalization;

namespace TokenKit.StoreBenchmarks;

/// <summary>How long each of many calls took.</summary>
internal sealed class Samples
{
    private readonly List<double> _milliseconds = [];

    public double Mean => _milliseconds.Average();

    public double Sum => _milliseconds.Sum();

    public double Median => Percentile(0.50);

    public double Slowest => Percentile(0.99);

    public double Longest => Percentile(1);

    /// <summary>Calls one after the other, a number of times.</summary>
    public static Task<Samples> TakeAsync(Func<int, Task> call, int count) => TakeWhileAsync(number => number < count, call);

    /// <summary>Calls one after the other, as long as something holds, with a pause after each that does not count.</summary>
    public static async Task<Samples> TakeWhileAsync(Func<int, bool> goOn, Func<int, Task> call, TimeSpan pause = default)
    {
        var samples = new Samples();
        for (int number = 0; goOn(number); number++)
        {
            long start = Stopwatch.GetTimestamp();
            await call(number);
            samples._milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause);
            }
        }

        samples._milliseconds.Sort();
        return samples;
    }

    public static Samples Together(IEnumerable<Samples> parts)
    {
        var all = new Samples();
        all._milliseconds.AddRange(parts.SelectMany(part => part._milliseconds).Order());
        return all;
    }

    /// <summary>A row of the table.</summary>
    /// <param name="what">What was measured.</param>
    /// <param name="perSecond">How many in a second; null for what the calls took, one after the other.</param>
    public void Print(string what, double? perSecond = null)
    {
        double rate = perSecond ?? (_milliseconds.Count / _milliseconds.Sum() * 1000);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {Percentile(0.50):0.000} ms | {Percentile(0.99):0.000} ms | {rate:N0} |"));
    }

    /// <summary>A row of the table: the median of the ratios of neighbours in time.</summary>
    /// <param name="what">What was compared, and the goal.</param>
    /// <param name="rounds">One side, round by round.</param>
    /// <param name="peers">The other.</param>
    /// <param name="figure">Which figure of a round.</param>
    public static void PrintRatio(string what, IReadOnlyList<Samples> rounds, IReadOnlyList<Samples> peers, Func<Samples, double> figure)
    {
        double[] ratios = [.. rounds.Zip(peers, (round, peer) => figure(round) / figure(peer)).Order()];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {what} | ratio {ratios[ratios.Length / 2]:0.00} | {ratios[0]:0.00} to {ratios[^1]:0.00} | |"));
    }

    private double Percentile(double part) => _milliseconds.Count == 0 ? double.NaN : _milliseconds[(int)(part * (_milliseconds.Count - 1))];
}
