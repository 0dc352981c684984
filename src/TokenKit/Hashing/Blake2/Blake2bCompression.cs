using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TokenKit.Hashing.Argon2;

namespace TokenKit.Hashing.Blake2;

/// <summary>The compression function F of BLAKE2b (RFC 7693 §3.2).</summary>
internal static class Blake2bCompression
{
    private const int Rounds = 12;

    /// <summary>RFC 7693 §2.6: the square roots of the first eight primes, 64 bits of each fraction.</summary>
    public static ReadOnlySpan<ulong> InitializationVector =>
    [
        0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1,
        0x510E527FADE682D1, 0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179,
    ];

    /// <summary>RFC 7693 §2.7: in which order each round takes the words of the message. Rounds 10 and 11 take those of 0 and 1.</summary>
    private static ReadOnlySpan<byte> Schedule =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
        11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
        7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
        9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
        2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
        12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
        13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
        6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
        10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
    ];

    /// <summary>Compresses one block into the chain.</summary>
    /// <param name="chain">Eight words, <c>h</c> of the RFC.</param>
    /// <param name="block">128 bytes.</param>
    /// <param name="count">Bytes of the message up to the end of this block.</param>
    /// <param name="isLast">Whether the message ends with this block.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compress(Span<ulong> chain, ReadOnlySpan<byte> block, ulong count, bool isLast)
    {
        Span<ulong> m = stackalloc ulong[16];
        for (int i = 0; i < m.Length; i++)
        {
            m[i] = BinaryPrimitives.ReadUInt64LittleEndian(block[(8 * i)..]);
        }

        if (Vector256.IsHardwareAccelerated)
        {
            CompressRows(chain, m, count, isLast);
        }
        else
        {
            CompressWords(chain, m, count, isLast);
        }

        m.Clear(); // the message may be a key or a password
    }

    /// <summary>Word by word, as the RFC tells it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CompressWords(Span<ulong> chain, ReadOnlySpan<ulong> m, ulong count, bool isLast)
    {
        ReadOnlySpan<ulong> iv = InitializationVector;
        ulong v0 = chain[0], v1 = chain[1], v2 = chain[2], v3 = chain[3];
        ulong v4 = chain[4], v5 = chain[5], v6 = chain[6], v7 = chain[7];
        ulong v8 = iv[0], v9 = iv[1], v10 = iv[2], v11 = iv[3];
        ulong v12 = iv[4] ^ count, v13 = iv[5], v14 = isLast ? ~iv[6] : iv[6], v15 = iv[7];

        for (int round = 0; round < Rounds; round++)
        {
            ReadOnlySpan<byte> s = Schedule.Slice(16 * round, 16);

            G(ref v0, ref v4, ref v8, ref v12, m[s[0]], m[s[1]]);
            G(ref v1, ref v5, ref v9, ref v13, m[s[2]], m[s[3]]);
            G(ref v2, ref v6, ref v10, ref v14, m[s[4]], m[s[5]]);
            G(ref v3, ref v7, ref v11, ref v15, m[s[6]], m[s[7]]);

            G(ref v0, ref v5, ref v10, ref v15, m[s[8]], m[s[9]]);
            G(ref v1, ref v6, ref v11, ref v12, m[s[10]], m[s[11]]);
            G(ref v2, ref v7, ref v8, ref v13, m[s[12]], m[s[13]]);
            G(ref v3, ref v4, ref v9, ref v14, m[s[14]], m[s[15]]);
        }

        chain[0] ^= v0 ^ v8;
        chain[1] ^= v1 ^ v9;
        chain[2] ^= v2 ^ v10;
        chain[3] ^= v3 ^ v11;
        chain[4] ^= v4 ^ v12;
        chain[5] ^= v5 ^ v13;
        chain[6] ^= v6 ^ v14;
        chain[7] ^= v7 ^ v15;
    }

    /// <summary>The same with each row of the 4 by 4 matrix of v in a vector, so that four calls of G are one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CompressRows(Span<ulong> chain, ReadOnlySpan<ulong> m, ulong count, bool isLast)
    {
        var upper = Vector256.Create<ulong>(chain[..4]);
        var lower = Vector256.Create<ulong>(chain[4..]);
        Vector256<ulong> a = upper;
        Vector256<ulong> b = lower;
        var c = Vector256.Create(InitializationVector);
        Vector256<ulong> d = Vector256.Create(InitializationVector[4..]) ^ Vector256.Create(count, 0, isLast ? ulong.MaxValue : 0, 0);

        for (int round = 0; round < Rounds; round++)
        {
            ReadOnlySpan<byte> s = Schedule.Slice(16 * round, 16);

            G(ref a, ref b, ref c, ref d, Vector256.Create(m[s[0]], m[s[2]], m[s[4]], m[s[6]]), Vector256.Create(m[s[1]], m[s[3]], m[s[5]], m[s[7]]));
            b = Vector256.Shuffle(b, Vector256.Create(1UL, 2, 3, 0)); // the diagonals become columns
            c = Vector256.Shuffle(c, Vector256.Create(2UL, 3, 0, 1));
            d = Vector256.Shuffle(d, Vector256.Create(3UL, 0, 1, 2));
            G(ref a, ref b, ref c, ref d, Vector256.Create(m[s[8]], m[s[10]], m[s[12]], m[s[14]]), Vector256.Create(m[s[9]], m[s[11]], m[s[13]], m[s[15]]));
            b = Vector256.Shuffle(b, Vector256.Create(3UL, 0, 1, 2)); // and back
            c = Vector256.Shuffle(c, Vector256.Create(2UL, 3, 0, 1));
            d = Vector256.Shuffle(d, Vector256.Create(1UL, 2, 3, 0));
        }

        (upper ^ a ^ c).CopyTo(chain);
        (lower ^ b ^ d).CopyTo(chain[4..]);
    }

    /// <summary>The mixing function (RFC 7693 §3.1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void G(ref ulong a, ref ulong b, ref ulong c, ref ulong d, ulong x, ulong y)
    {
        a += b + x;
        d = BitOperations.RotateRight(d ^ a, 32);
        c += d;
        b = BitOperations.RotateRight(b ^ c, 24);
        a += b + y;
        d = BitOperations.RotateRight(d ^ a, 16);
        c += d;
        b = BitOperations.RotateRight(b ^ c, 63);
    }

    /// <summary>The mixing function in each of four columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void G(ref Vector256<ulong> a, ref Vector256<ulong> b, ref Vector256<ulong> c, ref Vector256<ulong> d, Vector256<ulong> x, Vector256<ulong> y)
    {
        a += b + x;
        d = Vector256Rotation.Right32(d ^ a);
        c += d;
        b = Vector256Rotation.Right24(b ^ c);
        a += b + y;
        d = Vector256Rotation.Right16(d ^ a);
        c += d;
        b = Vector256Rotation.Right63(b ^ c);
    }
}
