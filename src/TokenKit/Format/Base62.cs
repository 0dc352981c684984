using System.Buffers;
using System.Buffers.Binary;

namespace TokenKit.Format;

/// <summary>Numbers of whole bytes, written big-endian with the digits 0-9, A-Z and a-z, padded with zeros to a fixed length.</summary>
/// <remarks>Each number has exactly one text: digits that say more than the bytes can hold are refused.</remarks>
internal static class Base62
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const uint Radix = 62;

    private static readonly SearchValues<char> DigitCharacters = SearchValues.Create(Digits);

    // The value of each ASCII character as a digit; 255 for those that are none.
    private static ReadOnlySpan<byte> Values =>
    [
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 255, 255, 255, 255, 255, 255,
        255, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
        25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 255, 255, 255, 255, 255,
        255, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50,
        51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 255, 255, 255, 255, 255,
    ];

    /// <summary>Writes a number of at most 32 bytes.</summary>
    /// <param name="bytes">The number, big-endian; a multiple of 4 bytes.</param>
    /// <param name="text">Takes all digits; long enough for the largest number of that size.</param>
    public static void Encode(ReadOnlySpan<byte> bytes, Span<char> text)
    {
        Span<uint> limbs = stackalloc uint[bytes.Length / sizeof(uint)];
        for (int i = 0; i < limbs.Length; i++)
        {
            limbs[i] = BinaryPrimitives.ReadUInt32BigEndian(bytes[(i * sizeof(uint))..]);
        }

        for (int digit = text.Length - 1; digit >= 0; digit--)
        {
            ulong rest = 0;
            for (int i = 0; i < limbs.Length; i++)
            {
                ulong part = (rest << 32) | limbs[i];
                limbs[i] = (uint)(part / Radix);
                rest = part % Radix;
            }

            text[digit] = Digits[(int)rest];
        }
    }

    /// <summary>Writes a number of 32 bits.</summary>
    /// <param name="number">The number.</param>
    /// <param name="text">Takes all digits: 6 for the largest number.</param>
    public static void Encode(uint number, Span<char> text)
    {
        for (int digit = text.Length - 1; digit >= 0; digit--)
        {
            (number, uint value) = Math.DivRem(number, Radix);
            text[digit] = Digits[(int)value];
        }
    }

    /// <summary>Reads a number of at most 32 bytes.</summary>
    /// <param name="text">The digits.</param>
    /// <param name="bytes">Takes the number, big-endian; a multiple of 8 bytes.</param>
    /// <returns>Whether every character is a digit and the number fits.</returns>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        Span<ulong> limbs = stackalloc ulong[bytes.Length / sizeof(ulong)];
        limbs.Clear();
        while (!text.IsEmpty)
        {
            // Ten digits at a time: 62^10 is the largest power that fits a limb.
            ulong chunk = 0;
            ulong scale = 1;
            int length = Math.Min(10, text.Length);
            foreach (char c in text[..length])
            {
                byte value = c < 128 ? Values[c] : byte.MaxValue;
                if (value == byte.MaxValue)
                {
                    return false;
                }

                chunk = (chunk * Radix) + value;
                scale *= Radix;
            }

            ulong carry = chunk;
            for (int i = limbs.Length - 1; i >= 0; i--)
            {
                ulong high = Math.BigMul(limbs[i], scale, out ulong low);
                limbs[i] = low + carry;
                carry = limbs[i] < low ? high + 1 : high;
            }

            if (carry != 0)
            {
                return false;
            }

            text = text[length..];
        }

        for (int i = 0; i < limbs.Length; i++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes[(i * sizeof(ulong))..], limbs[i]);
        }

        return true;
    }

    /// <summary>Whether <see cref="TryDecode"/> would read a number from a text, without reading it.</summary>
    /// <param name="text">The digits.</param>
    /// <param name="largest">The text of the largest number that fits.</param>
    public static bool CanDecode(ReadOnlySpan<char> text, ReadOnlySpan<char> largest) =>
        text.Length == largest.Length && !text.ContainsAnyExcept(DigitCharacters) && text.SequenceCompareTo(largest) <= 0; // digits are in the order of ASCII
}
