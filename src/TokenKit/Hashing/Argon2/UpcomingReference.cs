using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace TokenKit.Hashing.Argon2;

/// <summary>
/// Has the processor fetch the block that the next step refers to while this step is still being mixed. References are scattered over the
/// whole memory, so that without it each step would wait for the memory. A hint: it changes no result, and where it is left out nothing is wrong.
/// </summary>
/// <param name="memory">The memory of the hash.</param>
/// <param name="layout">How it is divided.</param>
/// <param name="segment">The segment that is being filled.</param>
/// <param name="index">The block of the segment that comes next. Behind the last one nothing is fetched.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly ref struct UpcomingReference(Span<Block> memory, in MemoryLayout layout, Segment segment, int index)
{
    private const int CacheLine = 64;

    private readonly Span<Block> _memory = memory;
    private readonly MemoryLayout _layout = layout;

    /// <summary>Fetches the block, as soon as it is known which: with J1 and J2, which are the first word of the block before or come from a counter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fetch(ulong random)
    {
        if (!Sse.IsSupported || index >= _layout.SegmentLength)
        {
            return;
        }

        ref Block block = ref _memory[ReferenceIndex.Find(_layout, segment, index, random)];
        unsafe
        {
            // Prefetching takes a pointer. The memory is native and stays where it is; no byte is read through it.
            byte* first = (byte*)Unsafe.AsPointer(ref block);
            for (int offset = 0; offset < Block.Bytes; offset += CacheLine)
            {
                Sse.Prefetch0(first + offset);
            }
        }
    }
}
