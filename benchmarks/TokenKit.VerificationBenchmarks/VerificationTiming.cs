using System.Globalization;
using TokenKit.Benchmarks;
using TokenKit.Format;

namespace TokenKit.VerificationBenchmarks;

/// <summary>What one verification costs, by what it comes to and where the row is.</summary>
internal static class VerificationTiming
{
    // A turn is so short that most of them end before the system gives the processor to something else.
    private const int Few = 20;
    private const int Many = 1000;
    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Measuring = TimeSpan.FromSeconds(20);

    public static async Task RunAsync()
    {
        await using Node keeping = await Node.StartInMemoryAsync(TimeSpan.FromHours(1));
        await using Node memory = await Node.StartInMemoryAsync(TimeSpan.Zero);
        await using Node sqlite = await Node.StartOnSqliteAsync(TimeSpan.Zero);
        string text = keeping.Issued.Plaintext.Reveal();
        Case[] cases =
        [
            new("parse", Many, () => TokenText.TryParse(text, out _, out _)),
            Of<VerificationResult.Valid>("hit, N > 0", Many, keeping, text),
            Of<VerificationResult.Valid>("hit, N = 0, in memory", Many, memory, memory.Issued.Plaintext.Reveal()),
            Of<VerificationResult.Valid>("hit, N = 0, SQLite", Few, sqlite, sqlite.Issued.Plaintext.Reveal()),
            Of<VerificationResult.Refused>("unknown id, in memory", Many, keeping, Forged(Guid.CreateVersion7())),
            Of<VerificationResult.Refused>("unknown id, SQLite", Few, sqlite, Forged(Guid.CreateVersion7())),
            Of<VerificationResult.Refused>("forged secret, row kept", Many, keeping, Forged(keeping.Issued.Token.Id)),
            Of<VerificationResult.Refused>("garbage", Many, keeping, "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"),
            Of<VerificationResult.Refused>("one letter mistyped", Many, keeping, text[..20] + (text[20] == 'x' ? 'y' : 'x') + text[21..]),
        ];

        Action[] turns = [.. cases.Select(one => (Action)one.Turn)];

        // As in a host, methods are compiled again while they run, with what was learnt about them.
        Interleaved.Measure(Warming, turns);
        Times[] times = Interleaved.Measure(Measuring, turns);

        Console.WriteLine();
        Console.WriteLine("| verification | ns | (least–most) | bytes |");
        Console.WriteLine("|---|---|---|---|");
        foreach ((Case? one, Times? time) in cases.Zip(times))
        {
            double scale = 1e6 / one.Repetitions;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {one.Name} | {time.Median * scale:0} | {time.Least * scale:0}–{time.Most * scale:0} | {one.BytesEach()} |"));
        }
    }

    private static string Forged(Guid id) => TokenText.Write("acme", id, new byte[TokenText.SecretBytes]);

    private static Case Of<T>(string name, int repetitions, Node node, string text)
    {
        VerificationResult first = node.Tokens.VerifyAsync(Node.Realm, text).AsTask().GetAwaiter().GetResult();
        return first is T
            ? new(name, repetitions, () => Wait(node.Tokens.VerifyAsync(Node.Realm, text)))
            : throw new InvalidOperationException($"{name}: {first}");
    }

    private static void Wait(ValueTask<VerificationResult> verifying)
    {
        if (!verifying.IsCompletedSuccessfully)
        {
            verifying.AsTask().GetAwaiter().GetResult();
        }
    }

    private sealed class Case(string name, int repetitions, Action once)
    {
        public string Name => name;

        public int Repetitions => repetitions;

        public void Turn()
        {
            for (int i = 0; i < repetitions; i++)
            {
                once();
            }
        }

        // The timer of the last uses may allocate beside it, so the least of some turns counts.
        public long BytesEach() => Enumerable.Range(0, 5).Min(_ =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Turn();
            return (GC.GetAllocatedBytesForCurrentThread() - before) / repetitions;
        });
    }
}
