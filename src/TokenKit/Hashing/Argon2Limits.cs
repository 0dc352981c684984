namespace TokenKit.Hashing;

/// <summary>The range in which a stored hash may be run. What is outside is refused: never run, never altered.</summary>
/// <remarks>
/// A row of the database decides how much work a verification is, and a database may be written by others.
/// The upper limits keep one hash at 256 MiB and a few seconds of one processor – all at their most it was measured at 2.4 s with AVX-512, and
/// without vectors takes twice as long; the lower ones keep out what RFC 9106 §3.1 does not know or what protects nothing.
/// </remarks>
public sealed record Argon2Limits
{
    /// <summary>The shortest salt in bytes; the reference library refuses shorter ones too.</summary>
    public const int MinimumSaltLength = 8;

    /// <summary>The longest salt in bytes.</summary>
    public const int MaximumSaltLength = 64;

    /// <summary>The shortest hash in bytes: 128 bits.</summary>
    public const int MinimumHashLength = 16;

    /// <summary>The longest hash in bytes.</summary>
    public const int MaximumHashLength = 64;

    /// <summary>The limits that hold where no others are given.</summary>
    public static Argon2Limits Default { get; } = new();

    /// <summary>The most memory in KiB. The least is 8 for each lane, as in RFC 9106 §3.1.</summary>
    /// <value>262144, which is 256 MiB.</value>
    public int MaximumMemoryKiB { get; init; } = 256 * 1024;

    /// <summary>The most passes over the memory. The least is 1.</summary>
    /// <value>16.</value>
    public int MaximumIterations { get; init; } = 16;

    /// <summary>The most lanes. The least is 1.</summary>
    /// <value>16.</value>
    public int MaximumParallelism { get; init; } = 16;

    internal static bool AllowsLengths(int salt, int hash) =>
        salt is >= MinimumSaltLength and <= MaximumSaltLength && hash is >= MinimumHashLength and <= MaximumHashLength;

    internal bool Allows(Argon2Parameters parameters) =>
        parameters.MemoryKiB <= MaximumMemoryKiB && parameters.Iterations <= MaximumIterations && parameters.Parallelism <= MaximumParallelism;
}
