using System.Numerics;
using System.Runtime.CompilerServices;

namespace TokenKit.Hashing.Argon2;

/// <summary>G, P and GB word by word, in the order in which RFC 9106 §3.5 and §3.6 tell them.</summary>
internal readonly struct ScalarMixing : IBlockMixing
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mix(ref readonly Block x, ref readonly Block y, ref Block z, bool isAdded, ref Block scratch)
    {
        // R = X xor Y, seen as an 8 by 8 matrix of registers of two words each.
        Span<ulong> r = scratch;
        for (var i = 0; i < r.Length; i++)
        {
            r[i] = x[i] ^ y[i];
        }

        // What is not permuted goes to Z first, so that R can be permuted in place.
        Span<ulong> result = z;
        for (var i = 0; i < r.Length; i++)
        {
            result[i] = isAdded ? result[i] ^ r[i] : r[i];
        }

        for (var row = 0; row < 8; row++)
        {
            Permute(r[(16 * row)..], 2); // neighbours in a row are one register, two words, apart
        }

        for (var column = 0; column < 8; column++)
        {
            Permute(r[(2 * column)..], 16); // neighbours in a column are one row, sixteen words, apart
        }

        for (var i = 0; i < r.Length; i++)
        {
            result[i] ^= r[i];
        }
    }

    /// <summary>P of RFC 9106 §3.6 over eight registers of two words each, which lie <paramref name="step"/> words apart.</summary>
    private static void Permute(Span<ulong> s, int step)
    {
        ref var v0 = ref s[0];
        ref var v1 = ref s[1];
        ref var v2 = ref s[step];
        ref var v3 = ref s[step + 1];
        ref var v4 = ref s[2 * step];
        ref var v5 = ref s[(2 * step) + 1];
        ref var v6 = ref s[3 * step];
        ref var v7 = ref s[(3 * step) + 1];
        ref var v8 = ref s[4 * step];
        ref var v9 = ref s[(4 * step) + 1];
        ref var v10 = ref s[5 * step];
        ref var v11 = ref s[(5 * step) + 1];
        ref var v12 = ref s[6 * step];
        ref var v13 = ref s[(6 * step) + 1];
        ref var v14 = ref s[7 * step];
        ref var v15 = ref s[(7 * step) + 1];

        GB(ref v0, ref v4, ref v8, ref v12);
        GB(ref v1, ref v5, ref v9, ref v13);
        GB(ref v2, ref v6, ref v10, ref v14);
        GB(ref v3, ref v7, ref v11, ref v15);

        GB(ref v0, ref v5, ref v10, ref v15);
        GB(ref v1, ref v6, ref v11, ref v12);
        GB(ref v2, ref v7, ref v8, ref v13);
        GB(ref v3, ref v4, ref v9, ref v14);
    }

    /// <summary>GB of RFC 9106 §3.6: BLAKE2b's mixing with a multiplication in each addition.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void GB(ref ulong aRef, ref ulong bRef, ref ulong cRef, ref ulong dRef)
    {
        ulong a = aRef, b = bRef, c = cRef, d = dRef;

        a = Add(a, b);
        d = BitOperations.RotateRight(d ^ a, 32);
        c = Add(c, d);
        b = BitOperations.RotateRight(b ^ c, 24);
        a = Add(a, b);
        d = BitOperations.RotateRight(d ^ a, 16);
        c = Add(c, d);
        b = BitOperations.RotateRight(b ^ c, 63);

        (aRef, bRef, cRef, dRef) = (a, b, c, d);
    }

    /// <summary>x + y + 2 · (the lower half of x) · (the lower half of y), modulo 2^64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Add(ulong x, ulong y) => x + y + (2 * (ulong)(uint)x * (uint)y);
}
