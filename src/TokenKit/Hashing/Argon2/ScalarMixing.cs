using System.Numerics;
using System.Runtime.CompilerServices;

namespace TokenKit.Hashing.Argon2;

/// <summary>G, P and GB word by word, in the order in which RFC 9106 §3.5 and §3.6 tell them.</summary>
internal readonly struct ScalarMixing : IBlockMixing
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Mix(ref Block x, ref Block y, ref Block z, bool isAdded, ref Block scratch, UpcomingReference upcoming)
    {
        // R = X xor Y, seen as an 8 by 8 matrix of registers of two words each.
        Span<ulong> r = scratch;
        for (int i = 0; i < r.Length; i++)
        {
            r[i] = x[i] ^ y[i];
        }

        // What is not permuted goes to Z first, so that R can be permuted in place.
        Span<ulong> result = z;
        for (int i = 0; i < r.Length; i++)
        {
            result[i] = isAdded ? result[i] ^ r[i] : r[i];
        }

        for (int row = 0; row < 8; row++)
        {
            Permute(r.Slice(16 * row, 16), 2); // neighbours in a row are one register, two words, apart
        }

        for (int column = 0; column < 8; column++)
        {
            Permute(r.Slice(2 * column, (7 * 16) + 2), 16); // neighbours in a column are one row, sixteen words, apart
        }

        for (int i = 0; i < r.Length; i++)
        {
            result[i] ^= r[i];
        }
    }

    /// <summary>P of RFC 9106 §3.6 over eight registers of two words each, which lie <paramref name="step"/> words apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Permute(Span<ulong> s, int step)
    {
        GB(s, step, 0, 4, 8, 12);
        GB(s, step, 1, 5, 9, 13);
        GB(s, step, 2, 6, 10, 14);
        GB(s, step, 3, 7, 11, 15);

        GB(s, step, 0, 5, 10, 15);
        GB(s, step, 1, 6, 11, 12);
        GB(s, step, 2, 7, 8, 13);
        GB(s, step, 3, 4, 9, 14);
    }

    /// <summary>GB of RFC 9106 §3.6: BLAKE2b's mixing with a multiplication in each addition. The numbers are those of the words v0 to v15.</summary>
    /// <remarks>Inlined with its numbers, so that the compiler knows where the words are and needs no register to remember it.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void GB(Span<ulong> s, int step, int aNumber, int bNumber, int cNumber, int dNumber)
    {
        ulong a = s[Place(aNumber, step)];
        ulong b = s[Place(bNumber, step)];
        ulong c = s[Place(cNumber, step)];
        ulong d = s[Place(dNumber, step)];

        a = Add(a, b);
        d = BitOperations.RotateRight(d ^ a, 32);
        c = Add(c, d);
        b = BitOperations.RotateRight(b ^ c, 24);
        a = Add(a, b);
        d = BitOperations.RotateRight(d ^ a, 16);
        c = Add(c, d);
        b = BitOperations.RotateRight(b ^ c, 63);

        s[Place(aNumber, step)] = a;
        s[Place(bNumber, step)] = b;
        s[Place(cNumber, step)] = c;
        s[Place(dNumber, step)] = d;
    }

    /// <summary>Where a word of v is: two to a register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Place(int number, int step) => (number / 2 * step) + (number % 2);

    /// <summary>x + y + 2 · (the lower half of x) · (the lower half of y), modulo 2^64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Add(ulong x, ulong y)
    {
        ulong product = (ulong)(uint)x * (uint)y;
        return x + y + (2 * product);
    }
}
