using System.Runtime.InteropServices;

namespace TokenKit.Hashing.Argon2;

/// <summary>An area of native memory for one hash at a time. Outside the managed heap, so that megabytes of secrets are neither copied by the collector nor kept by it.</summary>
internal sealed class Argon2Memory : SafeHandle
{
    /// <summary>The length of a cache line and of the widest vector: no load crosses a line.</summary>
    private const nuint Alignment = 64;

    /// <exception cref="OutOfMemoryException">The system has no such area.</exception>
    public Argon2Memory(int capacity)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        Capacity = capacity;
        unsafe
        {
            // The base library hands out aligned memory as a pointer only; it is kept in the handle, whose finalizer frees what was forgotten.
            SetHandle((nint)NativeMemory.AlignedAlloc((nuint)capacity * Block.Bytes, Alignment));
        }
    }

    /// <summary>How many blocks the area holds.</summary>
    public int Capacity { get; }

    /// <summary>When the area was last given back; kept by the pool.</summary>
    public long IdleSince { get; set; }

    public override bool IsInvalid => handle == 0;

    /// <summary>The first blocks of the area. Not to be used after the area was given back.</summary>
    public Span<Block> Blocks(int count)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Capacity);
        unsafe
        {
            // From here on every access is checked against the length.
            return new Span<Block>((void*)handle, count);
        }
    }

    protected override bool ReleaseHandle()
    {
        unsafe
        {
            // The counterpart of the allocation above, which the ordinary free need not understand.
            NativeMemory.AlignedFree((void*)handle);
        }

        return true;
    }
}
