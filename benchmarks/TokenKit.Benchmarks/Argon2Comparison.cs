using System.Globalization;
using TokenKit.Hashing.Argon2;
using TokenKit.Konscious;
using TokenKit.TestKit;

namespace TokenKit.Benchmarks;

/// <summary>TokenKit's Argon2id beside the C libraries and the package Konscious.Security.Cryptography.Argon2, in one process and in turns.</summary>
internal static class Argon2Comparison
{
    private const int HashesForAllocation = 20;

    private static readonly TimeSpan TimePerRow = TimeSpan.FromSeconds(10);

    private static readonly Argon2Parameters[] Rows =
    [
        new(19456, 2, 1), new(47104, 1, 1), new(65536, 3, 4), new(7168, 5, 1), new(1024, 1, 1),
    ];

    private static readonly byte[] Password = "correct horse battery staple"u8.ToArray();
    private static readonly byte[] Salt = [.. Enumerable.Range(0, 16).Select(number => (byte)number)];
    private static readonly byte[] Tag = new byte[32];

    public static void Run()
    {
        Console.WriteLine();
        Console.WriteLine("Argon2id, milliseconds per hash: median (least–most); ratio: the median of the rounds. Growth: how far the process grows during one hash, MiB. Bytes: managed, per hash.");
        Console.WriteLine();
        Console.WriteLine("| m,t,p | TokenKit | C (no SIMD) | libsodium | Konscious | TokenKit : C | TokenKit : Konscious | bytes TokenKit | bytes Konscious | growth TokenKit | growth C | growth libsodium |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (Argon2Parameters parameters in Rows)
        {
            Console.WriteLine(Row(parameters));
        }
    }

    private static string Row(Argon2Parameters parameters)
    {
        double growth = PeakMemory.Growth(() => Argon2id.DeriveKey(Password, Salt, Tag, parameters));

        // As in a host: the memory stays between hashes.
        using var pool = new Argon2MemoryPool(1, TimeSpan.FromMinutes(1), TimeProvider.System);
        Action own = () => Argon2id.DeriveKey(Password, Salt, Tag, parameters, pool);
        Action? reference = ReferenceArgon2.IsPresent ? () => ReferenceArgon2.DeriveKey(Password, Salt, Tag.Length, parameters, [], []) : null;
        Action? sodium = Libsodium.IsPresent && parameters.Parallelism == 1 ? () => Libsodium.DeriveKey(Password, Salt, Tag, parameters) : null;

        Action konscious = () => KonsciousArgon2id.DeriveKey(Password, Salt, Tag, parameters, [], [], CancellationToken.None);

        Action[] contenders = new[] { own, konscious, reference, sodium }.OfType<Action>().ToArray();
        Times[] times = Interleaved.Measure(TimePerRow, contenders);
        Times? ofReference = reference is null ? null : times[2];
        Times? ofSodium = sodium is null ? null : times[^1];
        string ratio = ofReference is null ? "–" : Number(times[0].RatioTo(ofReference), "0.00");
        return $"| {parameters.MemoryKiB},{parameters.Iterations},{parameters.Parallelism} | {Text(times[0])} | {Text(ofReference)} | {Text(ofSodium)} | {Text(times[1])} "
            + $"| {ratio} | {Number(times[0].RatioTo(times[1]), "0.00")} | {BytesPerHash(own)} | {BytesPerHash(konscious)} "
            + $"| {Number(growth, "0")} | {Growth(reference)} | {Growth(sodium)} |";
    }

    private static long BytesPerHash(Action hash)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < HashesForAllocation; i++)
        {
            hash();
        }

        return (GC.GetTotalAllocatedBytes(precise: true) - before) / HashesForAllocation;
    }

    private static string Growth(Action? hash) => hash is null ? "–" : Number(PeakMemory.Growth(hash), "0");

    private static string Text(Times? times) => times is null
        ? "–"
        : $"{Number(times.Median, "0.00")} ({Number(times.Least, "0.00")}–{Number(times.Most, "0.00")})";

    private static string Number(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
