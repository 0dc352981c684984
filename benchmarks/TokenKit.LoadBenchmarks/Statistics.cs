namespace TokenKit.LoadBenchmarks;

/// <summary>An estimate, and between which values it lies with 95 % confidence.</summary>
internal readonly record struct Estimate(double Value, double Low, double High);

internal static class Statistics
{
    private const int Resamples = 4000;

    public static double Median(IEnumerable<double> numbers)
    {
        double[] sorted = [.. numbers.Order()];
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    public static double Percentile(IEnumerable<double> numbers, double part)
    {
        double[] sorted = [.. numbers.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[(int)(part * (sorted.Length - 1))];
    }

    /// <summary>The median of what pairs say, with its bootstrap interval: the pairs are drawn again and again, each as often as chance has it.</summary>
    public static Estimate OfPairs(IReadOnlyList<double> own, IReadOnlyList<double> others, Func<double, double, double> compare)
    {
        double[] pairs = [.. own.Zip(others, compare)];
        var random = new Random(1);
        double[] medians = [.. Enumerable.Range(0, Resamples).Select(_ => Median(random.GetItems(pairs, pairs.Length)))];
        return new Estimate(Median(pairs), Percentile(medians, 0.025), Percentile(medians, 0.975));
    }
}
