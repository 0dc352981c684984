using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TokenKit.Hashing.Argon2;

/// <summary>G with four words at a time.</summary>
internal readonly struct Vector256Mixing : IBlockMixing
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Mix(ref Block x, ref Block y, ref Block z, bool isAdded, ref Block scratch, UpcomingReference upcoming)
    {
        ref ulong xWords = ref x[0];
        ref ulong yWords = ref y[0];
        ref ulong zWords = ref z[0];
        ref ulong s = ref scratch[0];

        // Two rows at a time.
        for (nuint row = 0; row < Block.Words; row += 32)
        {
            Vector256<ulong> a0 = Vector256.LoadUnsafe(ref xWords, row) ^ Vector256.LoadUnsafe(ref yWords, row);
            Vector256<ulong> b0 = Vector256.LoadUnsafe(ref xWords, row + 4) ^ Vector256.LoadUnsafe(ref yWords, row + 4);
            Vector256<ulong> c0 = Vector256.LoadUnsafe(ref xWords, row + 8) ^ Vector256.LoadUnsafe(ref yWords, row + 8);
            Vector256<ulong> d0 = Vector256.LoadUnsafe(ref xWords, row + 12) ^ Vector256.LoadUnsafe(ref yWords, row + 12);
            Vector256<ulong> a1 = Vector256.LoadUnsafe(ref xWords, row + 16) ^ Vector256.LoadUnsafe(ref yWords, row + 16);
            Vector256<ulong> b1 = Vector256.LoadUnsafe(ref xWords, row + 20) ^ Vector256.LoadUnsafe(ref yWords, row + 20);
            Vector256<ulong> c1 = Vector256.LoadUnsafe(ref xWords, row + 24) ^ Vector256.LoadUnsafe(ref yWords, row + 24);
            Vector256<ulong> d1 = Vector256.LoadUnsafe(ref xWords, row + 28) ^ Vector256.LoadUnsafe(ref yWords, row + 28);

            GB(ref a0, ref b0, ref c0, ref d0, ref a1, ref b1, ref c1, ref d1);

            // The diagonals become columns: each row of the 4 by 4 matrix is turned by one more word; and back.
            b0 = Vector256.Shuffle(b0, Vector256.Create(1UL, 2, 3, 0));
            b1 = Vector256.Shuffle(b1, Vector256.Create(1UL, 2, 3, 0));
            c0 = Vector256.Shuffle(c0, Vector256.Create(2UL, 3, 0, 1));
            c1 = Vector256.Shuffle(c1, Vector256.Create(2UL, 3, 0, 1));
            d0 = Vector256.Shuffle(d0, Vector256.Create(3UL, 0, 1, 2));
            d1 = Vector256.Shuffle(d1, Vector256.Create(3UL, 0, 1, 2));

            GB(ref a0, ref b0, ref c0, ref d0, ref a1, ref b1, ref c1, ref d1);

            b0 = Vector256.Shuffle(b0, Vector256.Create(3UL, 0, 1, 2));
            b1 = Vector256.Shuffle(b1, Vector256.Create(3UL, 0, 1, 2));
            c0 = Vector256.Shuffle(c0, Vector256.Create(2UL, 3, 0, 1));
            c1 = Vector256.Shuffle(c1, Vector256.Create(2UL, 3, 0, 1));
            d0 = Vector256.Shuffle(d0, Vector256.Create(1UL, 2, 3, 0));
            d1 = Vector256.Shuffle(d1, Vector256.Create(1UL, 2, 3, 0));

            a0.StoreUnsafe(ref s, row);
            b0.StoreUnsafe(ref s, row + 4);
            c0.StoreUnsafe(ref s, row + 8);
            d0.StoreUnsafe(ref s, row + 12);
            a1.StoreUnsafe(ref s, row + 16);
            b1.StoreUnsafe(ref s, row + 20);
            c1.StoreUnsafe(ref s, row + 24);
            d1.StoreUnsafe(ref s, row + 28);
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

            GB(ref r0, ref r2, ref r4, ref r6, ref r1, ref r3, ref r5, ref r7);

            // v5 v6 | v7 v4 and v15 v12 | v13 v14 come to stand under v0 v1 | v2 v3; v10 v11 | v8 v9 is a matter of names.
            (r2, r3) = (SecondThenFirst(r2, r3), SecondThenFirst(r3, r2));
            (r6, r7) = (SecondThenFirst(r7, r6), SecondThenFirst(r6, r7));
            GB(ref r0, ref r2, ref r5, ref r6, ref r1, ref r3, ref r4, ref r7);
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
            if (column == 0)
            {
                upcoming.Fetch(zWords);
            }
        }
    }

    /// <summary>
    /// GB of RFC 9106 §3.6 in each of four lanes, twice. Within one GB each line waits for the line before; two of them, line by line, keep the processor busy.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void GB(
        ref Vector256<ulong> a0, ref Vector256<ulong> b0, ref Vector256<ulong> c0, ref Vector256<ulong> d0,
        ref Vector256<ulong> a1, ref Vector256<ulong> b1, ref Vector256<ulong> c1, ref Vector256<ulong> d1)
    {
        a0 = Add(a0, b0);
        a1 = Add(a1, b1);
        d0 = Vector256Rotation.Right32(d0 ^ a0);
        d1 = Vector256Rotation.Right32(d1 ^ a1);
        c0 = Add(c0, d0);
        c1 = Add(c1, d1);
        b0 = Vector256Rotation.Right24(b0 ^ c0);
        b1 = Vector256Rotation.Right24(b1 ^ c1);
        a0 = Add(a0, b0);
        a1 = Add(a1, b1);
        d0 = Vector256Rotation.Right16(d0 ^ a0);
        d1 = Vector256Rotation.Right16(d1 ^ a1);
        c0 = Add(c0, d0);
        c1 = Add(c1, d1);
        b0 = Vector256Rotation.Right63(b0 ^ c0);
        b1 = Vector256Rotation.Right63(b1 ^ c1);
    }

    /// <summary>x + y + 2 · (the lower half of x) · (the lower half of y) in each lane; the intrinsic multiplies just the lower halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Add(Vector256<ulong> x, Vector256<ulong> y)
    {
        Vector256<ulong> product = Avx2.Multiply(x.AsUInt32(), y.AsUInt32());
        return x + y + product + product;
    }

    /// <summary>In each half: the second word of one, then the first word of the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> SecondThenFirst(Vector256<ulong> second, Vector256<ulong> first) =>
        Avx2.AlignRight(first.AsByte(), second.AsByte(), 8).AsUInt64();

    /// <summary>Writes four permuted words plus X xor Y, plus what Z holds where that is kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<ulong> permuted, ref ulong x, ref ulong y, ref ulong z, nuint word, bool isAdded)
    {
        Vector256<ulong> result = permuted ^ Vector256.LoadUnsafe(ref x, word) ^ Vector256.LoadUnsafe(ref y, word);
        if (isAdded)
        {
            result ^= Vector256.LoadUnsafe(ref z, word);
        }

        result.StoreUnsafe(ref z, word);
    }
}
