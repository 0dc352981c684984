using System.Globalization;
using TokenKit.Hashing.Blake2;

namespace TokenKit.Benchmarks;

/// <summary>Keyed BLAKE2b-256 of a message that fits into one block: what the proof of each verification costs.</summary>
internal static class KeyedBlake2bTiming
{
    private const int HashesPerTurn = 1000;

    public static void Run()
    {
        var keyed = new KeyedBlake2b256(new byte[32]);
        byte[] message = new byte[Blake2b.BlockLength];
        byte[] digest = new byte[KeyedBlake2b256.DigestLength];
        Times times = Interleaved.Measure(TimeSpan.FromSeconds(3), () =>
        {
            for (int i = 0; i < HashesPerTurn; i++)
            {
                keyed.Hash(message, digest);
            }
        })[0];

        Console.WriteLine();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Keyed BLAKE2b-256, one block of {message.Length} bytes: {Nanoseconds(times.Median):0} ns ({Nanoseconds(times.Least):0}–{Nanoseconds(times.Most):0})"));
    }

    private static double Nanoseconds(double milliseconds) => milliseconds * 1e6 / HashesPerTurn;
}
