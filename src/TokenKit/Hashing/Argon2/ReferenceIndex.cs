using System.Runtime.CompilerServices;

namespace TokenKit.Hashing.Argon2;

/// <summary>Which earlier block goes into the next one (RFC 9106 §3.4.1.1 and §3.4.2).</summary>
internal static class ReferenceIndex
{
    /// <summary>Maps a pseudo-random value to the index of a block in the memory.</summary>
    /// <param name="layout">The memory.</param>
    /// <param name="segment">The segment that is being filled.</param>
    /// <param name="index">The block of the segment that is being filled.</param>
    /// <param name="random">J2 in the upper half, J1 in the lower.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Find(in MemoryLayout layout, Segment segment, int index, ulong random)
    {
        // In the very first slice the other lanes have nothing to refer to yet; and one lane needs no division.
        bool isFirstSlice = segment is { Pass: 0, Slice: 0 };
        int lane = isFirstSlice || layout.Lanes == 1 ? segment.Lane : (int)((uint)(random >> 32) % (uint)layout.Lanes);

        // W, the blocks to choose from: the finished segments of that lane (all before this slice, or the last three) …
        bool isFirstPass = segment.Pass == 0;
        int count = isFirstPass ? segment.Slice * layout.SegmentLength : (MemoryLayout.Slices - 1) * layout.SegmentLength;
        if (lane == segment.Lane)
        {
            count += index - 1; // … and in one's own lane what this segment already has, without the block just before
        }
        else if (index == 0)
        {
            count--; // … without the last block, which is the block just before
        }

        // J1 is bent so that younger blocks are taken more often: z = |W| - 1 - |W| · J1² / 2^64.
        ulong j1 = (uint)random;
        ulong x = (j1 * j1) >> 32;
        ulong y = ((ulong)count * x) >> 32;
        int z = count - 1 - (int)y;

        // W begins with the oldest block: at column 0, or in later passes with the slice after this one.
        int oldest = isFirstPass || segment.Slice == MemoryLayout.Slices - 1 ? 0 : (segment.Slice + 1) * layout.SegmentLength;
        int column = oldest + z;
        return (lane * layout.Columns) + (column < layout.Columns ? column : column - layout.Columns);
    }
}
