using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace TokenKit.Hashing.Argon2;

/// <summary>G with two words at a time: a vector is one of the RFC's 16-byte registers.</summary>
internal readonly struct Vector128Mixing : IBlockMixing
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Mix(ref Block x, ref Block y, ref Block z, bool isAdded, ref Block scratch, UpcomingReference upcoming)
    {
        ref ulong xWords = ref x[0];
        ref ulong yWords = ref y[0];
        ref ulong zWords = ref z[0];
        ref ulong s = ref scratch[0];

        for (nuint word = 0; word < Block.Words; word += 2)
        {
            Vector128<ulong> r = Vector128.LoadUnsafe(ref xWords, word) ^ Vector128.LoadUnsafe(ref yWords, word);
            r.StoreUnsafe(ref s, word);

            // What is not permuted goes to Z first, so that the scratch can be permuted in place.
            r ^= isAdded ? Vector128.LoadUnsafe(ref zWords, word) : Vector128<ulong>.Zero;
            r.StoreUnsafe(ref zWords, word);
        }

        for (nuint row = 0; row < Block.Words; row += 16)
        {
            Permute(ref s, row, 2); // neighbours in a row are one register, two words, apart
        }

        for (nuint column = 0; column < 16; column += 2)
        {
            Permute(ref s, column, 16); // neighbours in a column are one row, sixteen words, apart
        }

        for (nuint word = 0; word < Block.Words; word += 2)
        {
            (Vector128.LoadUnsafe(ref zWords, word) ^ Vector128.LoadUnsafe(ref s, word)).StoreUnsafe(ref zWords, word);
        }
    }

    /// <summary>P of RFC 9106 §3.6 over eight registers, which lie <paramref name="step"/> words apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Permute(ref ulong s, nuint first, nuint step)
    {
        var r0 = Vector128.LoadUnsafe(ref s, first);
        var r1 = Vector128.LoadUnsafe(ref s, first + step);
        var r2 = Vector128.LoadUnsafe(ref s, first + (2 * step));
        var r3 = Vector128.LoadUnsafe(ref s, first + (3 * step));
        var r4 = Vector128.LoadUnsafe(ref s, first + (4 * step));
        var r5 = Vector128.LoadUnsafe(ref s, first + (5 * step));
        var r6 = Vector128.LoadUnsafe(ref s, first + (6 * step));
        var r7 = Vector128.LoadUnsafe(ref s, first + (7 * step));

        GB(ref r0, ref r2, ref r4, ref r6);
        GB(ref r1, ref r3, ref r5, ref r7);

        // v5 v6 | v7 v4 and v15 v12 | v13 v14 come to stand under v0 v1 | v2 v3; v10 v11 | v8 v9 is a matter of names.
        (r2, r3) = (SecondThenFirst(r2, r3), SecondThenFirst(r3, r2));
        (r6, r7) = (SecondThenFirst(r7, r6), SecondThenFirst(r6, r7));
        GB(ref r0, ref r2, ref r5, ref r6);
        GB(ref r1, ref r3, ref r4, ref r7);
        (r2, r3) = (SecondThenFirst(r3, r2), SecondThenFirst(r2, r3));
        (r6, r7) = (SecondThenFirst(r6, r7), SecondThenFirst(r7, r6));

        r0.StoreUnsafe(ref s, first);
        r1.StoreUnsafe(ref s, first + step);
        r2.StoreUnsafe(ref s, first + (2 * step));
        r3.StoreUnsafe(ref s, first + (3 * step));
        r4.StoreUnsafe(ref s, first + (4 * step));
        r5.StoreUnsafe(ref s, first + (5 * step));
        r6.StoreUnsafe(ref s, first + (6 * step));
        r7.StoreUnsafe(ref s, first + (7 * step));
    }

    /// <summary>GB of RFC 9106 §3.6 in each of two lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void GB(ref Vector128<ulong> a, ref Vector128<ulong> b, ref Vector128<ulong> c, ref Vector128<ulong> d)
    {
        a = Add(a, b);
        d = RotateRight32(d ^ a);
        c = Add(c, d);
        b = RotateRight(b ^ c, 24);
        a = Add(a, b);
        d = RotateRight(d ^ a, 16);
        c = Add(c, d);
        b = RotateRight(b ^ c, 63);
    }

    /// <summary>x + y + 2 · (the lower half of x) · (the lower half of y) in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Add(Vector128<ulong> x, Vector128<ulong> y)
    {
        Vector128<ulong> product = MultiplyLowerHalves(x, y);
        return x + y + product + product;
    }

    /// <summary>The portable form multiplies whole words, which neither kind of processor can do at once; both can multiply halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> MultiplyLowerHalves(Vector128<ulong> x, Vector128<ulong> y)
    {
        if (Sse2.IsSupported)
        {
            return Sse2.Multiply(x.AsUInt32(), y.AsUInt32());
        }

        return AdvSimd.IsSupported
            ? AdvSimd.MultiplyWideningLower(AdvSimd.ExtractNarrowingLower(x), AdvSimd.ExtractNarrowingLower(y))
            : (x & Vector128.Create((ulong)uint.MaxValue)) * (y & Vector128.Create((ulong)uint.MaxValue));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> RotateRight32(Vector128<ulong> v) =>
        Vector128.Shuffle(v.AsUInt32(), Vector128.Create(1U, 0, 3, 2)).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> RotateRight(Vector128<ulong> v, int count) => (v >>> count) | (v << (64 - count));

    /// <summary>The second word of one, then the first word of the other: one instruction where there is one for two sources.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> SecondThenFirst(Vector128<ulong> second, Vector128<ulong> first)
    {
        if (Sse2.IsSupported)
        {
            return Sse2.Shuffle(second.AsDouble(), first.AsDouble(), 0b01).AsUInt64();
        }

        return AdvSimd.IsSupported
            ? AdvSimd.ExtractVector128(second, first, 1)
            : Vector128.Create(second.GetElement(1), first.GetElement(0));
    }
}
