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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mix(ref readonly Block x, ref readonly Block y, ref Block z, bool isAdded, ref Block scratch)
    {
        ref var xWords = ref Unsafe.AsRef(in x[0]);
        ref var yWords = ref Unsafe.AsRef(in y[0]);
        ref var zWords = ref z[0];

        var a0 = Load(ref xWords, ref yWords, 0);
        var b0 = Load(ref xWords, ref yWords, 4);
        var c0 = Load(ref xWords, ref yWords, 8);
        var d0 = Load(ref xWords, ref yWords, 12);
        var a1 = Load(ref xWords, ref yWords, 32);
        var b1 = Load(ref xWords, ref yWords, 36);
        var c1 = Load(ref xWords, ref yWords, 40);
        var d1 = Load(ref xWords, ref yWords, 44);
        var a2 = Load(ref xWords, ref yWords, 64);
        var b2 = Load(ref xWords, ref yWords, 68);
        var c2 = Load(ref xWords, ref yWords, 72);
        var d2 = Load(ref xWords, ref yWords, 76);
        var a3 = Load(ref xWords, ref yWords, 96);
        var b3 = Load(ref xWords, ref yWords, 100);
        var c3 = Load(ref xWords, ref yWords, 104);
        var d3 = Load(ref xWords, ref yWords, 108);

        PermuteRows(ref a0, ref b0, ref c0, ref d0);
        PermuteRows(ref a1, ref b1, ref c1, ref d1);
        PermuteRows(ref a2, ref b2, ref c2, ref d2);
        PermuteRows(ref a3, ref b3, ref c3, ref d3);

        PermuteColumns(ref a0, ref a1, ref a2, ref a3);
        PermuteColumns(ref b0, ref b1, ref b2, ref b3);
        PermuteColumns(ref c0, ref c1, ref c2, ref c3);
        PermuteColumns(ref d0, ref d1, ref d2, ref d3);

        Store(a0, ref xWords, ref yWords, ref zWords, 0, isAdded);
        Store(b0, ref xWords, ref yWords, ref zWords, 4, isAdded);
        Store(c0, ref xWords, ref yWords, ref zWords, 8, isAdded);
        Store(d0, ref xWords, ref yWords, ref zWords, 12, isAdded);
        Store(a1, ref xWords, ref yWords, ref zWords, 32, isAdded);
        Store(b1, ref xWords, ref yWords, ref zWords, 36, isAdded);
        Store(c1, ref xWords, ref yWords, ref zWords, 40, isAdded);
        Store(d1, ref xWords, ref yWords, ref zWords, 44, isAdded);
        Store(a2, ref xWords, ref yWords, ref zWords, 64, isAdded);
        Store(b2, ref xWords, ref yWords, ref zWords, 68, isAdded);
        Store(c2, ref xWords, ref yWords, ref zWords, 72, isAdded);
        Store(d2, ref xWords, ref yWords, ref zWords, 76, isAdded);
        Store(a3, ref xWords, ref yWords, ref zWords, 96, isAdded);
        Store(b3, ref xWords, ref yWords, ref zWords, 100, isAdded);
        Store(c3, ref xWords, ref yWords, ref zWords, 104, isAdded);
        Store(d3, ref xWords, ref yWords, ref zWords, 108, isAdded);
    }

    /// <summary>P over two rows: lanes 0–3 are the first row, lanes 4–7 the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PermuteRows(ref Vector512<ulong> a, ref Vector512<ulong> b, ref Vector512<ulong> c, ref Vector512<ulong> d)
    {
        GB(ref a, ref b, ref c, ref d);
        b = Vector512.Shuffle(b, Vector512.Create(1UL, 2, 3, 0, 5, 6, 7, 4)); // the diagonals become columns:
        c = Vector512.Shuffle(c, Vector512.Create(2UL, 3, 0, 1, 6, 7, 4, 5)); // each row of the 4 by 4 matrix
        d = Vector512.Shuffle(d, Vector512.Create(3UL, 0, 1, 2, 7, 4, 5, 6)); // is turned by one more word
        GB(ref a, ref b, ref c, ref d);
        b = Vector512.Shuffle(b, Vector512.Create(3UL, 0, 1, 2, 7, 4, 5, 6)); // and back
        c = Vector512.Shuffle(c, Vector512.Create(2UL, 3, 0, 1, 6, 7, 4, 5));
        d = Vector512.Shuffle(d, Vector512.Create(1UL, 2, 3, 0, 5, 6, 7, 4));
    }

    /// <summary>P over two columns: lanes 0, 1, 4 and 5 are the first column, lanes 2, 3, 6 and 7 the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PermuteColumns(ref Vector512<ulong> a, ref Vector512<ulong> b, ref Vector512<ulong> c, ref Vector512<ulong> d)
    {
        GB(ref a, ref b, ref c, ref d);
        b = Vector512.Shuffle(b, Vector512.Create(1UL, 4, 3, 6, 5, 0, 7, 2));
        c = Vector512.Shuffle(c, Vector512.Create(4UL, 5, 6, 7, 0, 1, 2, 3));
        d = Vector512.Shuffle(d, Vector512.Create(5UL, 0, 7, 2, 1, 4, 3, 6));
        GB(ref a, ref b, ref c, ref d);
        b = Vector512.Shuffle(b, Vector512.Create(5UL, 0, 7, 2, 1, 4, 3, 6));
        c = Vector512.Shuffle(c, Vector512.Create(4UL, 5, 6, 7, 0, 1, 2, 3));
        d = Vector512.Shuffle(d, Vector512.Create(1UL, 4, 3, 6, 5, 0, 7, 2));
    }

    /// <summary>GB of RFC 9106 §3.6 in each of eight lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void GB(ref Vector512<ulong> a, ref Vector512<ulong> b, ref Vector512<ulong> c, ref Vector512<ulong> d)
    {
        a = Add(a, b);
        d = Avx512F.RotateRight(d ^ a, 32);
        c = Add(c, d);
        b = Avx512F.RotateRight(b ^ c, 24);
        a = Add(a, b);
        d = Avx512F.RotateRight(d ^ a, 16);
        c = Add(c, d);
        b = Avx512F.RotateRight(b ^ c, 63);
    }

    /// <summary>x + y + 2 · (the lower half of x) · (the lower half of y) in each lane; the intrinsic multiplies just the lower halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Add(Vector512<ulong> x, Vector512<ulong> y)
    {
        var product = Avx512F.Multiply(x.AsUInt32(), y.AsUInt32());
        return x + y + product + product;
    }

    /// <summary>Four words of X xor Y, and the four words below them in the next row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Load(ref ulong x, ref ulong y, nuint word) => Vector512.Create(
        Vector256.LoadUnsafe(ref x, word) ^ Vector256.LoadUnsafe(ref y, word),
        Vector256.LoadUnsafe(ref x, word + 16) ^ Vector256.LoadUnsafe(ref y, word + 16));

    /// <summary>Writes what <see cref="Load"/> took, permuted, plus X xor Y, plus what Z holds where that is kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<ulong> permuted, ref ulong x, ref ulong y, ref ulong z, nuint word, bool isAdded)
    {
        var result = permuted ^ Load(ref x, ref y, word);
        if (isAdded)
        {
            result ^= Vector512.Create(Vector256.LoadUnsafe(ref z, word), Vector256.LoadUnsafe(ref z, word + 16));
        }

        result.GetLower().StoreUnsafe(ref z, word);
        result.GetUpper().StoreUnsafe(ref z, word + 16);
    }
}
