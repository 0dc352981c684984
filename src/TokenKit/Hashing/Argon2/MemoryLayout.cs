using System.Runtime.InteropServices;

namespace TokenKit.Hashing.Argon2;

/// <summary>How the memory is divided: lanes are its rows, and four slices cut each lane into segments (RFC 9106 §3.2 and §3.4).</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MemoryLayout
{
    /// <summary>The slices of each lane, SL of the RFC. Lanes may be filled at the same time within one slice.</summary>
    public const int Slices = 4;

    public MemoryLayout(Argon2Parameters parameters)
    {
        Passes = parameters.Iterations;
        Lanes = parameters.Parallelism;
        SegmentLength = parameters.MemoryKiB / (Slices * Lanes);
    }

    /// <summary>Passes over the memory, t of the RFC.</summary>
    public int Passes { get; }

    /// <summary>Rows, p of the RFC.</summary>
    public int Lanes { get; }

    /// <summary>Blocks of one lane in one slice.</summary>
    public int SegmentLength { get; }

    /// <summary>Blocks of one lane, q of the RFC.</summary>
    public int Columns => Slices * SegmentLength;

    /// <summary>All blocks, m' of the RFC: the memory asked for, rounded down to whole segments.</summary>
    public int Blocks => Lanes * Columns;
}

/// <summary>One step of filling the memory: a slice of one lane in one pass.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Segment(int Pass, int Slice, int Lane)
{
    /// <summary>Whether references are drawn from a counter (as in Argon2i) instead of the memory (as in Argon2d): in the first half of the first pass (RFC 9106 §3.4.1.3).</summary>
    public bool IsDataIndependent => Pass == 0 && Slice < MemoryLayout.Slices / 2;
}
