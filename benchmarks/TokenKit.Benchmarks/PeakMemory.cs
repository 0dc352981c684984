using System.Globalization;

namespace TokenKit.Benchmarks;

/// <summary>How far the resident memory of this process rises while something runs.</summary>
internal static class PeakMemory
{
    private const string Status = "/proc/self/status";

    /// <summary>In MiB; not a number where the system does not tell (it is Linux that does).</summary>
    public static double Growth(Action action)
    {
        if (!File.Exists(Status))
        {
            action();
            return double.NaN;
        }

        // 5 sets the peak back to what is resident now: proc(5).
        File.WriteAllText("/proc/self/clear_refs", "5");
        double before = Read("VmRSS:");
        action();
        return (Read("VmHWM:") - before) / 1024;
    }

    private static double Read(string name)
    {
        string line = File.ReadLines(Status).First(line => line.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line.AsSpan(name.Length).Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture);
    }
}
