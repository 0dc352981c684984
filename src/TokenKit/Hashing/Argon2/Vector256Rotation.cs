using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TokenKit.Hashing.Argon2;

/// <summary>The rotations of BLAKE2b in each of four words. Turning by whole bytes is one instruction that moves bytes within each half; one bit to the left is an addition.</summary>
internal static class Vector256Rotation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Right32(Vector256<ulong> v) =>
        Vector256.Shuffle(v.AsUInt32(), Vector256.Create(1U, 0, 3, 2, 5, 4, 7, 6)).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Right24(Vector256<ulong> v) =>
        Vector256.Shuffle(v.AsByte(), Vector256.Create((byte)3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10, 19, 20, 21, 22, 23, 16, 17, 18, 27, 28, 29, 30, 31, 24, 25, 26)).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Right16(Vector256<ulong> v) =>
        Vector256.Shuffle(v.AsByte(), Vector256.Create((byte)2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9, 18, 19, 20, 21, 22, 23, 16, 17, 26, 27, 28, 29, 30, 31, 24, 25)).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Right63(Vector256<ulong> v) => (v + v) | (v >>> 63);
}
