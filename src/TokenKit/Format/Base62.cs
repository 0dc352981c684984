namespace TokenKit.Format;

/// <summary>Numbers of whole bytes, written big-endian with the digits 0-9, A-Z and a-z, padded with zeros to a fixed length.</summary>
/// <remarks>Each number has exactly one text: digits that say more than the bytes can hold are refused.</remarks>
internal static class Base62
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const uint Radix = 62;

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
            limbs[i] = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes[(i * sizeof(uint))..]);
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

    /// <summary>Reads a number of at most 32 bytes.</summary>
    /// <param name="text">The digits.</param>
    /// <param name="bytes">Takes the number, big-endian; a multiple of 4 bytes.</param>
    /// <returns>Whether every character is a digit and the number fits.</returns>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        Span<uint> limbs = stackalloc uint[bytes.Length / sizeof(uint)];
        limbs.Clear();
        while (!text.IsEmpty)
        {
            // Five digits at a time: 62^5 is the largest power that fits a limb.
            uint chunk = 0;
            uint scale = 1;
            int length = Math.Min(5, text.Length);
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
                carry += (ulong)limbs[i] * scale;
                limbs[i] = (uint)carry;
                carry >>= 32;
            }

            if (carry != 0)
            {
                return false;
            }

            text = text[length..];
        }

        for (int i = 0; i < limbs.Length; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes[(i * sizeof(uint))..], limbs[i]);
        }

        return true;
    }
}
