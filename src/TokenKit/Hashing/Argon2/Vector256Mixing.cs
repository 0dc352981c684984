using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TokenKit.Hashing.Argon2;

/// <summary>G with four words at a time.</summary>
internal readonly struct Vector256Mixing : IBlockMixing
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mix(ref readonly Block x, ref readonly Block y, ref Block z, bool isAdded, ref Block scratch)
    {
        ref var xWords = ref Unsafe.AsRef(in x[0]);
        ref var yWords = ref Unsafe.AsRef(in y[0]);
        ref var zWords = ref z[0];
        ref var s = ref scratch[0];

        for (nuint row = 0; row < Block.Words; row += 16)
        {
            var a = Vector256.LoadUnsafe(ref xWords, row) ^ Vector256.LoadUnsafe(ref yWords, row);
            var b = Vector256.LoadUnsafe(ref xWords, row + 4) ^ Vector256.LoadUnsafe(ref yWords, row + 4);
            var c = Vector256.LoadUnsafe(ref xWords, row + 8) ^ Vector256.LoadUnsafe(ref yWords, row + 8);
            var d = Vector256.LoadUnsafe(ref xWords, row + 12) ^ Vector256.LoadUnsafe(ref yWords, row + 12);

            GB(ref a, ref b, ref c, ref d);
            b = Vector256.Shuffle(b, Vector256.Create(1UL, 2, 3, 0)); // the diagonals become columns:
            c = Vector256.Shuffle(c, Vector256.Create(2UL, 3, 0, 1)); // each row of the 4 by 4 matrix
            d = Vector256.Shuffle(d, Vector256.Create(3UL, 0, 1, 2)); // is turned by one more word
            GB(ref a, ref b, ref c, ref d);

            a.StoreUnsafe(ref s, row);
            Vector256.Shuffle(b, Vector256.Create(3UL, 0, 1, 2)).StoreUnsafe(ref s, row + 4);
            Vector256.Shuffle(c, Vector256.Create(2UL, 3, 0, 1)).StoreUnsafe(ref s, row + 8);
            Vector256.Shuffle(d, Vector256.Create(1UL, 2, 3, 0)).StoreUnsafe(ref s, row + 12);
        }

        // Two columns at a time: the first two words of a vector belong to one, the last two to the next.
        for (nuint column = 0; column < 16; column += 4)
        {
            var r0 = Vector256.LoadUnsafe(ref s, column);
            var r1 = Vector256.LoadUnsafe(ref s, column + 16);
            var r2 = Vector256.LoadUnsafe(ref s, column + 32);
            var r3 = Vector256.LoadUnsafe(ref s, column + 48);
            var r4 = Vector256.LoadUnsafe(ref s, column + 64);
            var r5 = Vector256.LoadUnsafe(ref s, column + 80);
            var r6 = Vector256.LoadUnsafe(ref s, column + 96);
            var r7 = Vector256.LoadUnsafe(ref s, column + 112);

            GB(ref r0, ref r2, ref r4, ref r6);
            GB(ref r1, ref r3, ref r5, ref r7);

            // v5 v6 | v7 v4 and v15 v12 | v13 v14 come to stand under v0 v1 | v2 v3; v10 v11 | v8 v9 is a matter of names.
            (r2, r3) = (SecondThenFirst(r2, r3), SecondThenFirst(r3, r2));
            (r6, r7) = (SecondThenFirst(r7, r6), SecondThenFirst(r6, r7));
            GB(ref r0, ref r2, ref r5, ref r6);
            GB(ref r1, ref r3, ref r4, ref r7);
            (r2, r3) = (SecondThenFirst(r3, r2), SecondThenFirst(r2, r3));
            (r6, r7) = (SecondThenFirst(r6, r7), SecondThenFirst(r7, r6));

            Store(r0, ref xWords, ref yWords, ref zWords, column, isAdded);
            Store(r1, ref xWords, ref yWords, ref zWords, column + 16, isAdded);
            Store(r2, ref xWords, ref yWords, ref zWords, column + 32, isAdded);
            Store(r3, ref xWords, ref yWords, ref zWords, column + 48, isAdded);
            Store(r4, ref xWords, ref yWords, ref zWords, column + 64, isAdded);
            Store(r5, ref xWords, ref yWords, ref zWords, column + 80, isAdded);
            Store(r6, ref xWords, ref yWords, ref zWords, column + 96, isAdded);
            Store(r7, ref xWords, ref yWords, ref zWords, column + 112, isAdded);
        }
    }

    /// <summary>GB of RFC 9106 §3.6 in each of four lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void GB(ref Vector256<ulong> a, ref Vector256<ulong> b, ref Vector256<ulong> c, ref Vector256<ulong> d)
    {
        a = Add(a, b);
        d = RotateRight32(d ^ a);
        c = Add(c, d);
        b = RotateRight24(b ^ c);
        a = Add(a, b);
        d = RotateRight16(d ^ a);
        c = Add(c, d);
        b = RotateRight63(b ^ c);
    }

    /// <summary>x + y + 2 · (the lower half of x) · (the lower half of y) in each lane; the intrinsic multiplies just the lower halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Add(Vector256<ulong> x, Vector256<ulong> y)
    {
        var product = Avx2.Multiply(x.AsUInt32(), y.AsUInt32());
        return x + y + product + product;
    }

    // Turning by whole bytes is one instruction that moves bytes within each half; one bit to the left is an addition.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> RotateRight32(Vector256<ulong> v) =>
        Vector256.Shuffle(v.AsUInt32(), Vector256.Create(1U, 0, 3, 2, 5, 4, 7, 6)).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> RotateRight24(Vector256<ulong> v) =>
        Vector256.Shuffle(v.AsByte(), Vector256.Create((byte)3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10, 19, 20, 21, 22, 23, 16, 17, 18, 27, 28, 29, 30, 31, 24, 25, 26)).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> RotateRight16(Vector256<ulong> v) =>
        Vector256.Shuffle(v.AsByte(), Vector256.Create((byte)2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9, 18, 19, 20, 21, 22, 23, 16, 17, 26, 27, 28, 29, 30, 31, 24, 25)).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> RotateRight63(Vector256<ulong> v) => (v + v) | (v >>> 63);

    /// <summary>In each half: the second word of one, then the first word of the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> SecondThenFirst(Vector256<ulong> second, Vector256<ulong> first) =>
        Avx2.AlignRight(first.AsByte(), second.AsByte(), 8).AsUInt64();

    /// <summary>Writes four permuted words plus X xor Y, plus what Z holds where that is kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<ulong> permuted, ref ulong x, ref ulong y, ref ulong z, nuint word, bool isAdded)
    {
        var result = permuted ^ Vector256.LoadUnsafe(ref x, word) ^ Vector256.LoadUnsafe(ref y, word);
        if (isAdded)
        {
            result ^= Vector256.LoadUnsafe(ref z, word);
        }

        result.StoreUnsafe(ref z, word);
    }
}
