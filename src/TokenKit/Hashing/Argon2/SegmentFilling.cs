using System.Runtime.CompilerServices;

namespace TokenKit.Hashing.Argon2;

/// <summary>Fills one segment of the memory, block by block (RFC 9106 §3.2 steps 5 and 6, §3.4).</summary>
internal static class SegmentFilling
{
    public static void Fill(BlockMixing mixing, Span<Block> memory, in MemoryLayout layout, Segment segment)
    {
        switch (mixing)
        {
            case BlockMixing.Vector512:
                Fill<Vector512Mixing>(memory, layout, segment);
                break;
            case BlockMixing.Vector256:
                Fill<Vector256Mixing>(memory, layout, segment);
                break;
            case BlockMixing.Vector128:
                Fill<Vector128Mixing>(memory, layout, segment);
                break;
            case BlockMixing.Scalar:
                Fill<ScalarMixing>(memory, layout, segment);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(mixing), mixing, "There is no such mixing.");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fill<TMixing>(Span<Block> memory, in MemoryLayout layout, Segment segment)
        where TMixing : IBlockMixing
    {
        var scratch = new Block();
        var addresses = new AddressGenerator<TMixing>(layout, segment);
        Span<Block> lane = memory.Slice(segment.Lane * layout.Columns, layout.Columns);

        // The first two blocks of each lane come from H0.
        int start = segment is { Pass: 0, Slice: 0 } ? 2 : 0;
        ulong random = segment.IsDataIndependent ? addresses.Next(start) : 0;
        for (int index = start; index < layout.SegmentLength; index++)
        {
            int column = (segment.Slice * layout.SegmentLength) + index;
            ref Block previous = ref lane[column == 0 ? layout.Columns - 1 : column - 1];
            var upcoming = new UpcomingReference(memory, layout, segment, index + 1);

            if (segment.IsDataIndependent)
            {
                // The next reference is known a whole step ahead.
                ref Block referenced = ref memory[ReferenceIndex.Find(layout, segment, index, random)];
                random = addresses.Next(index + 1);
                upcoming.Fetch(random);
                TMixing.Mix(ref previous, ref referenced, ref lane[column], isAdded: false, ref scratch, upcoming: default);
            }
            else
            {
                // It is the first word of the block that is being mixed, and the mixing tells it as soon as it has it.
                ref Block referenced = ref memory[ReferenceIndex.Find(layout, segment, index, previous[0])];
                TMixing.Mix(ref previous, ref referenced, ref lane[column], isAdded: segment.Pass > 0, ref scratch, upcoming);
            }
        }

        scratch.Clear();
    }
}
