using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TokenKit.Hashing.Argon2;

/// <summary>G with eight words at a time. The whole block stays in sixteen registers between its two rounds.</summary>
/// <remarks>
/// A register holds a quarter of each of two neighbouring rows: a0 the words 0–3 of rows 0 and 1, b0 the words 4–7, c0 the words 8–11, d0 the words 12–15,
/// a1 the words 0–3 of rows 2 and 3, and so on. So P over two rows works on a0, b0, c0, d0; and the same layout, read the other way,
/// has two columns in a0, a1, a2, a3: nothing has to be rearranged between the rows and the columns.
/// </remarks>
internal readonly struct Vector512Mixing : IBlockMixing
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Mix(ref Block x, ref Block y, ref Block z, bool isAdded, ref Block scratch, UpcomingReference upcoming)
    {
        ref ulong xWords = ref x[0];
        ref ulong yWords = ref y[0];
        ref ulong zWords = ref z[0];

        Vector512<ulong> a0 = Load(ref xWords, ref yWords, 0);
        Vector512<ulong> b0 = Load(ref xWords, ref yWords, 4);
        Vector512<ulong> c0 = Load(ref xWords, ref yWords, 8);
        Vector512<ulong> d0 = Load(ref xWords, ref yWords, 12);
        Vector512<ulong> a1 = Load(ref xWords, ref yWords, 32);
        Vector512<ulong> b1 = Load(ref xWords, ref yWords, 36);
        Vector512<ulong> c1 = Load(ref xWords, ref yWords, 40);
        Vector512<ulong> d1 = Load(ref xWords, ref yWords, 44);
        Vector512<ulong> a2 = Load(ref xWords, ref yWords, 64);
        Vector512<ulong> b2 = Load(ref xWords, ref yWords, 68);
        Vector512<ulong> c2 = Load(ref xWords, ref yWords, 72);
        Vector512<ulong> d2 = Load(ref xWords, ref yWords, 76);
        Vector512<ulong> a3 = Load(ref xWords, ref yWords, 96);
        Vector512<ulong> b3 = Load(ref xWords, ref yWords, 100);
        Vector512<ulong> c3 = Load(ref xWords, ref yWords, 104);
        Vector512<ulong> d3 = Load(ref xWords, ref yWords, 108);

        PermuteRows(
            ref a0, ref b0, ref c0, ref d0, ref a1, ref b1, ref c1, ref d1,
            ref a2, ref b2, ref c2, ref d2, ref a3, ref b3, ref c3, ref d3);

        // Half of the columns first: with the first word of the result the next block can be fetched while the other half is mixed.
        PermuteColumns(ref a0, ref a1, ref a2, ref a3, ref b0, ref b1, ref b2, ref b3);
        Store(a0, ref xWords, ref yWords, ref zWords, 0, isAdded);
        Store(a1, ref xWords, ref yWords, ref zWords, 32, isAdded);
        Store(a2, ref xWords, ref yWords, ref zWords, 64, isAdded);
        Store(a3, ref xWords, ref yWords, ref zWords, 96, isAdded);
        upcoming.Fetch(zWords);
        Store(b0, ref xWords, ref yWords, ref zWords, 4, isAdded);
        Store(b1, ref xWords, ref yWords, ref zWords, 36, isAdded);
        Store(b2, ref xWords, ref yWords, ref zWords, 68, isAdded);
        Store(b3, ref xWords, ref yWords, ref zWords, 100, isAdded);

        PermuteColumns(ref c0, ref c1, ref c2, ref c3, ref d0, ref d1, ref d2, ref d3);
        Store(c0, ref xWords, ref yWords, ref zWords, 8, isAdded);
        Store(c1, ref xWords, ref yWords, ref zWords, 40, isAdded);
        Store(c2, ref xWords, ref yWords, ref zWords, 72, isAdded);
        Store(c3, ref xWords, ref yWords, ref zWords, 104, isAdded);
        Store(d0, ref xWords, ref yWords, ref zWords, 12, isAdded);
        Store(d1, ref xWords, ref yWords, ref zWords, 44, isAdded);
        Store(d2, ref xWords, ref yWords, ref zWords, 76, isAdded);
        Store(d3, ref xWords, ref yWords, ref zWords, 108, isAdded);
    }

    /// <summary>P over all eight rows, two in each a, b, c, d: lanes 0–3 are the first row, lanes 4–7 the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PermuteRows(
        ref Vector512<ulong> a0, ref Vector512<ulong> b0, ref Vector512<ulong> c0, ref Vector512<ulong> d0,
        ref Vector512<ulong> a1, ref Vector512<ulong> b1, ref Vector512<ulong> c1, ref Vector512<ulong> d1,
        ref Vector512<ulong> a2, ref Vector512<ulong> b2, ref Vector512<ulong> c2, ref Vector512<ulong> d2,
        ref Vector512<ulong> a3, ref Vector512<ulong> b3, ref Vector512<ulong> c3, ref Vector512<ulong> d3)
    {
        GB(
            ref a0, ref b0, ref c0, ref d0, ref a1, ref b1, ref c1, ref d1,
            ref a2, ref b2, ref c2, ref d2, ref a3, ref b3, ref c3, ref d3);

        // The diagonals become columns: each row of the 4 by 4 matrix is turned by one more word; and back.
        b0 = Vector512.Shuffle(b0, Vector512.Create(1UL, 2, 3, 0, 5, 6, 7, 4));
        b1 = Vector512.Shuffle(b1, Vector512.Create(1UL, 2, 3, 0, 5, 6, 7, 4));
        b2 = Vector512.Shuffle(b2, Vector512.Create(1UL, 2, 3, 0, 5, 6, 7, 4));
        b3 = Vector512.Shuffle(b3, Vector512.Create(1UL, 2, 3, 0, 5, 6, 7, 4));
        c0 = Vector512.Shuffle(c0, Vector512.Create(2UL, 3, 0, 1, 6, 7, 4, 5));
        c1 = Vector512.Shuffle(c1, Vector512.Create(2UL, 3, 0, 1, 6, 7, 4, 5));
        c2 = Vector512.Shuffle(c2, Vector512.Create(2UL, 3, 0, 1, 6, 7, 4, 5));
        c3 = Vector512.Shuffle(c3, Vector512.Create(2UL, 3, 0, 1, 6, 7, 4, 5));
        d0 = Vector512.Shuffle(d0, Vector512.Create(3UL, 0, 1, 2, 7, 4, 5, 6));
        d1 = Vector512.Shuffle(d1, Vector512.Create(3UL, 0, 1, 2, 7, 4, 5, 6));
        d2 = Vector512.Shuffle(d2, Vector512.Create(3UL, 0, 1, 2, 7, 4, 5, 6));
        d3 = Vector512.Shuffle(d3, Vector512.Create(3UL, 0, 1, 2, 7, 4, 5, 6));

        GB(
            ref a0, ref b0, ref c0, ref d0, ref a1, ref b1, ref c1, ref d1,
            ref a2, ref b2, ref c2, ref d2, ref a3, ref b3, ref c3, ref d3);

        b0 = Vector512.Shuffle(b0, Vector512.Create(3UL, 0, 1, 2, 7, 4, 5, 6));
        b1 = Vector512.Shuffle(b1, Vector512.Create(3UL, 0, 1, 2, 7, 4, 5, 6));
        b2 = Vector512.Shuffle(b2, Vector512.Create(3UL, 0, 1, 2, 7, 4, 5, 6));
        b3 = Vector512.Shuffle(b3, Vector512.Create(3UL, 0, 1, 2, 7, 4, 5, 6));
        c0 = Vector512.Shuffle(c0, Vector512.Create(2UL, 3, 0, 1, 6, 7, 4, 5));
        c1 = Vector512.Shuffle(c1, Vector512.Create(2UL, 3, 0, 1, 6, 7, 4, 5));
        c2 = Vector512.Shuffle(c2, Vector512.Create(2UL, 3, 0, 1, 6, 7, 4, 5));
        c3 = Vector512.Shuffle(c3, Vector512.Create(2UL, 3, 0, 1, 6, 7, 4, 5));
        d0 = Vector512.Shuffle(d0, Vector512.Create(1UL, 2, 3, 0, 5, 6, 7, 4));
        d1 = Vector512.Shuffle(d1, Vector512.Create(1UL, 2, 3, 0, 5, 6, 7, 4));
        d2 = Vector512.Shuffle(d2, Vector512.Create(1UL, 2, 3, 0, 5, 6, 7, 4));
        d3 = Vector512.Shuffle(d3, Vector512.Create(1UL, 2, 3, 0, 5, 6, 7, 4));
    }

    /// <summary>P over two columns, twice: lanes 0, 1, 4 and 5 are the first column, lanes 2, 3, 6 and 7 the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PermuteColumns(
        ref Vector512<ulong> a0, ref Vector512<ulong> b0, ref Vector512<ulong> c0, ref Vector512<ulong> d0,
        ref Vector512<ulong> a1, ref Vector512<ulong> b1, ref Vector512<ulong> c1, ref Vector512<ulong> d1)
    {
        GB(ref a0, ref b0, ref c0, ref d0, ref a1, ref b1, ref c1, ref d1);

        b0 = Vector512.Shuffle(b0, Vector512.Create(1UL, 4, 3, 6, 5, 0, 7, 2));
        b1 = Vector512.Shuffle(b1, Vector512.Create(1UL, 4, 3, 6, 5, 0, 7, 2));
        c0 = Vector512.Shuffle(c0, Vector512.Create(4UL, 5, 6, 7, 0, 1, 2, 3));
        c1 = Vector512.Shuffle(c1, Vector512.Create(4UL, 5, 6, 7, 0, 1, 2, 3));
        d0 = Vector512.Shuffle(d0, Vector512.Create(5UL, 0, 7, 2, 1, 4, 3, 6));
        d1 = Vector512.Shuffle(d1, Vector512.Create(5UL, 0, 7, 2, 1, 4, 3, 6));

        GB(ref a0, ref b0, ref c0, ref d0, ref a1, ref b1, ref c1, ref d1);

        b0 = Vector512.Shuffle(b0, Vector512.Create(5UL, 0, 7, 2, 1, 4, 3, 6));
        b1 = Vector512.Shuffle(b1, Vector512.Create(5UL, 0, 7, 2, 1, 4, 3, 6));
        c0 = Vector512.Shuffle(c0, Vector512.Create(4UL, 5, 6, 7, 0, 1, 2, 3));
        c1 = Vector512.Shuffle(c1, Vector512.Create(4UL, 5, 6, 7, 0, 1, 2, 3));
        d0 = Vector512.Shuffle(d0, Vector512.Create(1UL, 4, 3, 6, 5, 0, 7, 2));
        d1 = Vector512.Shuffle(d1, Vector512.Create(1UL, 4, 3, 6, 5, 0, 7, 2));
    }

    /// <summary>
    /// GB of RFC 9106 §3.6 in each of eight lanes, four times. Within one GB each line waits for the line before; four of them, line by line,
    /// keep the processor busy.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void GB(
        ref Vector512<ulong> a0, ref Vector512<ulong> b0, ref Vector512<ulong> c0, ref Vector512<ulong> d0,
        ref Vector512<ulong> a1, ref Vector512<ulong> b1, ref Vector512<ulong> c1, ref Vector512<ulong> d1,
        ref Vector512<ulong> a2, ref Vector512<ulong> b2, ref Vector512<ulong> c2, ref Vector512<ulong> d2,
        ref Vector512<ulong> a3, ref Vector512<ulong> b3, ref Vector512<ulong> c3, ref Vector512<ulong> d3)
    {
        a0 = Add(a0, b0);
        a1 = Add(a1, b1);
        a2 = Add(a2, b2);
        a3 = Add(a3, b3);
        d0 = Avx512F.RotateRight(d0 ^ a0, 32);
        d1 = Avx512F.RotateRight(d1 ^ a1, 32);
        d2 = Avx512F.RotateRight(d2 ^ a2, 32);
        d3 = Avx512F.RotateRight(d3 ^ a3, 32);
        c0 = Add(c0, d0);
        c1 = Add(c1, d1);
        c2 = Add(c2, d2);
        c3 = Add(c3, d3);
        b0 = Avx512F.RotateRight(b0 ^ c0, 24);
        b1 = Avx512F.RotateRight(b1 ^ c1, 24);
        b2 = Avx512F.RotateRight(b2 ^ c2, 24);
        b3 = Avx512F.RotateRight(b3 ^ c3, 24);
        a0 = Add(a0, b0);
        a1 = Add(a1, b1);
        a2 = Add(a2, b2);
        a3 = Add(a3, b3);
        d0 = Avx512F.RotateRight(d0 ^ a0, 16);
        d1 = Avx512F.RotateRight(d1 ^ a1, 16);
        d2 = Avx512F.RotateRight(d2 ^ a2, 16);
        d3 = Avx512F.RotateRight(d3 ^ a3, 16);
        c0 = Add(c0, d0);
        c1 = Add(c1, d1);
        c2 = Add(c2, d2);
        c3 = Add(c3, d3);
        b0 = Avx512F.RotateRight(b0 ^ c0, 63);
        b1 = Avx512F.RotateRight(b1 ^ c1, 63);
        b2 = Avx512F.RotateRight(b2 ^ c2, 63);
        b3 = Avx512F.RotateRight(b3 ^ c3, 63);
    }

    /// <summary>The same twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void GB(
        ref Vector512<ulong> a0, ref Vector512<ulong> b0, ref Vector512<ulong> c0, ref Vector512<ulong> d0,
        ref Vector512<ulong> a1, ref Vector512<ulong> b1, ref Vector512<ulong> c1, ref Vector512<ulong> d1)
    {
        a0 = Add(a0, b0);
        a1 = Add(a1, b1);
        d0 = Avx512F.RotateRight(d0 ^ a0, 32);
        d1 = Avx512F.RotateRight(d1 ^ a1, 32);
        c0 = Add(c0, d0);
        c1 = Add(c1, d1);
        b0 = Avx512F.RotateRight(b0 ^ c0, 24);
        b1 = Avx512F.RotateRight(b1 ^ c1, 24);
        a0 = Add(a0, b0);
        a1 = Add(a1, b1);
        d0 = Avx512F.RotateRight(d0 ^ a0, 16);
        d1 = Avx512F.RotateRight(d1 ^ a1, 16);
        c0 = Add(c0, d0);
        c1 = Add(c1, d1);
        b0 = Avx512F.RotateRight(b0 ^ c0, 63);
        b1 = Avx512F.RotateRight(b1 ^ c1, 63);
    }

    /// <summary>x + y + 2 · (the lower half of x) · (the lower half of y) in each lane; the intrinsic multiplies just the lower halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Add(Vector512<ulong> x, Vector512<ulong> y)
    {
        Vector512<ulong> product = Avx512F.Multiply(x.AsUInt32(), y.AsUInt32());
        return x + y + product + product;
    }

    /// <summary>Four words of X xor Y, and the four words below them in the next row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Load(ref ulong x, ref ulong y, nuint word)
    {
        Vector256<ulong> upper = Vector256.LoadUnsafe(ref x, word + 16) ^ Vector256.LoadUnsafe(ref y, word + 16);
        return (Vector256.LoadUnsafe(ref x, word) ^ Vector256.LoadUnsafe(ref y, word)).ToVector512Unsafe().WithUpper(upper);
    }

    /// <summary>Writes to where <see cref="Load"/> took from: permuted, plus X xor Y, plus what Z holds where that is kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<ulong> permuted, ref ulong x, ref ulong y, ref ulong z, nuint word, bool isAdded)
    {
        StoreHalf(permuted.GetLower(), ref x, ref y, ref z, word, isAdded);
        StoreHalf(permuted.GetUpper(), ref x, ref y, ref z, word + 16, isAdded);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreHalf(Vector256<ulong> permuted, ref ulong x, ref ulong y, ref ulong z, nuint word, bool isAdded)
    {
        Vector256<ulong> result = permuted ^ Vector256.LoadUnsafe(ref x, word) ^ Vector256.LoadUnsafe(ref y, word);
        if (isAdded)
        {
            result ^= Vector256.LoadUnsafe(ref z, word);
        }

        result.StoreUnsafe(ref z, word);
    }
}
