using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using TokenKit.Stores;

namespace TokenKit.StoreConformance;

/// <summary>What cases expect, with messages that name what came instead.</summary>
internal static class Expect
{
    public static void That([DoesNotReturnIf(false)] bool condition, string expectation)
    {
        if (!condition)
        {
            throw new StoreCaseFailedException(expectation);
        }
    }

    public static void Equal<T>(T expected, T actual, string what) =>
        That(EqualityComparer<T>.Default.Equals(expected, actual), $"{what}: expected {Show(expected)}, got {Show(actual)}");

    public static void Sequence<T>(IEnumerable<T> expected, IEnumerable<T> actual, string what)
    {
        T[] wanted = [.. expected];
        T[] got = [.. actual];
        That(wanted.SequenceEqual(got), $"{what}: expected [{string.Join(", ", wanted)}], got [{string.Join(", ", got)}]");
    }

    public static StoredToken Done(CommitResult result)
    {
        Outcome(CommitOutcome.Done, result);
        That(result.Token is not null, "Done answers with the row as it is after the change, got no row");
        return result.Token;
    }

    public static void Outcome(CommitOutcome expected, CommitResult result)
    {
        Equal(expected, result.Outcome, "outcome of the change");
        That(expected == CommitOutcome.Done || result.Token is null, $"{expected} answers with no row, got one");
    }

    /// <summary>How many of concurrent changes had each outcome; no other outcome may occur.</summary>
    public static void Outcomes(IReadOnlyCollection<CommitResult> results, params (CommitOutcome Outcome, int Count)[] expected)
    {
        string got = string.Join(", ", results.CountBy(result => result.Outcome).OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} {pair.Key}"));
        string wanted = string.Join(", ", expected.OrderBy(pair => pair.Outcome).Select(pair => $"{pair.Count} {pair.Outcome}"));
        That(got == wanted, $"outcomes of {results.Count} changes at once: expected {wanted}; got {got}");
    }

    /// <summary>Two rows are alike in every column, bytes and zone included.</summary>
    public static void Same(StoredToken expected, [NotNull] StoredToken? actual, string what)
    {
        That(actual is not null, $"{what}: the row is not there");
        SameColumns(expected, actual, what);
    }

    public static async Task CancelledAsync(Func<Task> call, string what)
    {
        try
        {
            await call();
        }
        catch (OperationCanceledException)
        {
            return;
        }

        throw new StoreCaseFailedException($"{what}: expected OperationCanceledException for a token that was cancelled before the call, got none");
    }

    private static void SameColumns<T>(T expected, T actual, string what)
    {
        foreach (PropertyInfo column in typeof(T).GetProperties())
        {
            object? wanted = column.GetValue(expected);
            object? got = column.GetValue(actual);
            if (wanted is StoredSecret secret && got is StoredSecret other)
            {
                SameColumns(secret, other, what);
            }
            else
            {
                That(AreAlike(wanted, got), $"{what}: {column.Name} should be {Show(wanted)}, is {Show(got)}");
            }
        }
    }

    private static bool AreAlike(object? expected, object? actual) => (expected, actual) switch
    {
        (byte[] wanted, byte[] got) => wanted.AsSpan().SequenceEqual(got),
        (DateTimeOffset wanted, DateTimeOffset got) => wanted.EqualsExact(got),
        _ => Equals(expected, actual),
    };

    private static string Show(object? value) => value switch
    {
        null => "null",
        byte[] bytes => $"0x{Convert.ToHexString(bytes)}",
        DateTimeOffset instant => instant.ToString("O", CultureInfo.InvariantCulture),
        string { Length: > 80 } text => $"\"{text[..80]}…\" ({text.Length} characters)",
        string text => $"\"{text}\"",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => $"{value}",
    };
}
