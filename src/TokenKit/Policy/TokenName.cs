using System.Buffers;
using System.Text;

namespace TokenKit.Policy;

/// <summary>What a name may be: any Unicode text of bounded length that every store and every reader can hold.</summary>
internal static class TokenName
{
    /// <summary>The most code points that any realm may allow.</summary>
    public const int LongestPossible = 10_000;

    /// <summary>Whether a text has at most so many code points, no NUL, and no surrogate without its other half.</summary>
    public static bool IsValid(string name, int maximumLength)
    {
        // A code point takes at most two chars, so a longer text need not be read.
        if (name.Length > 2 * maximumLength || name.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }

        int length = 0;
        for (ReadOnlySpan<char> rest = name; !rest.IsEmpty; length++)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out int consumed) != OperationStatus.Done)
            {
                return false;
            }

            rest = rest[consumed..];
        }

        return length <= maximumLength;
    }
}
