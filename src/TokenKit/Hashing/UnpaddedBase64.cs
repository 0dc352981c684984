using System.Diagnostics.CodeAnalysis;

namespace TokenKit.Hashing;

/// <summary>The base64 of PHC strings: the standard alphabet of RFC 4648 §4 without padding, one text for each value.</summary>
internal static class UnpaddedBase64
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    public static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    /// <summary>Reads bytes; false for foreign characters, an impossible length, or spare bits that are not zero.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = new byte[text.Length * 6 / 8];
        int written = 0;
        uint bits = 0u;
        int bitCount = 0;
        foreach (char character in text)
        {
            int value = Alphabet.IndexOf(character, StringComparison.Ordinal);
            if (value < 0)
            {
                bytes = null;
                return false;
            }

            bits = (bits << 6) | (uint)value;
            bitCount += 6;
            if (bitCount >= 8)
            {
                bitCount -= 8;
                bytes[written++] = (byte)(bits >> bitCount);
                bits &= (1u << bitCount) - 1;
            }
        }

        if (bitCount >= 6 || bits != 0)
        {
            bytes = null;
            return false;
        }

        return true;
    }
}
