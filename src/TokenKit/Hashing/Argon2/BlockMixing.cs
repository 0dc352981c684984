using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TokenKit.Hashing.Argon2;

/// <summary>How blocks are mixed. All kinds give the same result; they differ in speed.</summary>
internal enum BlockMixing
{
    Scalar,
    Vector128,
    Vector256,
    Vector512,
}

/// <summary>Which kinds of mixing this process can use. It depends on the processor and on the switches of the runtime, so it never changes.</summary>
internal static class SupportedMixing
{
    /// <summary>The widest kind, which is the fastest.</summary>
    public static BlockMixing Widest { get; } = Enum.GetValues<BlockMixing>().Where(Includes).Max();

    /// <summary>Whether this process can use a kind.</summary>
    public static bool Includes(BlockMixing mixing) => mixing switch
    {
        BlockMixing.Vector512 => Vector512.IsHardwareAccelerated && Avx512F.IsSupported,
        BlockMixing.Vector256 => Vector256.IsHardwareAccelerated && Avx2.IsSupported,
        BlockMixing.Vector128 => Vector128.IsHardwareAccelerated,
        _ => true,
    };
}
