using System.Buffers;
using System.Text;

namespace TokenKit.Policy;

/// <summary>What names, subjects and the like may be: any Unicode text of bounded length that every store and every reader can hold.</summary>
internal static class StorableText
{
    /// <summary>Whether a text has at most so many code points, no NUL, and no surrogate without its other half.</summary>
    public static bool IsValid(string text, int maximumLength)
    {
        // A code point takes at most two chars, so a longer text need not be read.
        if (text.Length > 2 * maximumLength || text.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }

        int length = 0;
        for (ReadOnlySpan<char> rest = text; !rest.IsEmpty; length++)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out int consumed) != OperationStatus.Done)
            {
                return false;
            }

            rest = rest[consumed..];
        }

        return length <= maximumLength;
    }

    /// <summary>Refuses a text that comes from the host and not from a caller, so that a wrong one is a bug.</summary>
    /// <param name="text">The text; null is fine.</param>
    /// <param name="maximumLength">The most chars.</param>
    /// <param name="what">What the text is.</param>
    /// <exception cref="ArgumentException">The text is too long, or holds NUL or half a surrogate pair.</exception>
    public static void ThrowIfNot(string? text, int maximumLength, string what)
    {
        if (text is not null && (text.Length > maximumLength || !IsValid(text, maximumLength)))
        {
            throw new ArgumentException($"{what} is longer than {maximumLength} characters, or holds NUL or half a surrogate pair.", what);
        }
    }
}
