namespace TokenKit.LoadBenchmarks;

/// <summary>An estimate, and between which values it lies with 95 % confidence.</summary>
internal readonly record struct Estimate(double Value, double Low, double High);

internal static class Statistics
{
    private const int Resamples = 4000;

    // Student's t for 95 % and one degree of freedom, two, and so on. For more, the last one is a little too careful.
    private static readonly double[] StudentT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131];

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

    /// <summary>The geometric mean of a few ratios, with Student's interval over their logarithms. A bootstrap over so few is too narrow.</summary>
    public static Estimate OfRatios(IReadOnlyCollection<double> ratios)
    {
        double mean = ratios.Average(Math.Log);
        double squares = ratios.Sum(ratio => Math.Pow(Math.Log(ratio) - mean, 2));
        int freedom = ratios.Count - 1;
        double half = freedom == 0 ? double.PositiveInfinity : StudentT[Math.Min(freedom, StudentT.Length) - 1] * Math.Sqrt(squares / freedom / ratios.Count);
        return new Estimate(Math.Exp(mean), Math.Exp(mean - half), Math.Exp(mean + half));
    }
}
