using System.Diagnostics.CodeAnalysis;

namespace TokenKit;

/// <summary>What one Argon2id hash costs: memory, passes over it, and lanes. An instance is always valid.</summary>
/// <remarks>The names and limits are those of RFC 9106 §3.1. Memory is an <see cref="int"/>, so it ends at 2 TiB instead of 4 TiB.</remarks>
public sealed record Argon2Parameters
{
    /// <summary>The most lanes that RFC 9106 §3.1 allows: 2^24 - 1.</summary>
    public const int MaximumParallelism = 0xFF_FFFF;

    /// <summary>The least memory per lane that RFC 9106 §3.1 allows, in KiB: two blocks in each of the four slices.</summary>
    public const int MinimumMemoryPerLane = 8;

    /// <summary>Creates parameters.</summary>
    /// <param name="memoryKiB">Memory in KiB, <c>m</c> of RFC 9106 §3.1: at least 8 times <paramref name="parallelism"/>.</param>
    /// <param name="iterations">Passes over the memory, <c>t</c> of RFC 9106 §3.1: at least 1.</param>
    /// <param name="parallelism">Lanes, <c>p</c> of RFC 9106 §3.1: 1 to <see cref="MaximumParallelism"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its limits.</exception>
    public Argon2Parameters(int memoryKiB, int iterations, int parallelism)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parallelism, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parallelism, MaximumParallelism);
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(memoryKiB, MinimumMemoryPerLane * parallelism);

        MemoryKiB = memoryKiB;
        Iterations = iterations;
        Parallelism = parallelism;
    }

    /// <summary>19 MiB, two passes, one lane: the second choice of the OWASP password storage cheat sheet, and what OWASP ASVS asks for at least.</summary>
    public static Argon2Parameters Default { get; } = new(19456, 2, 1);

    /// <summary>Memory in KiB.</summary>
    public int MemoryKiB { get; }

    /// <summary>Passes over the memory.</summary>
    public int Iterations { get; }

    /// <summary>Lanes: how many parts of the memory can be filled at the same time. Part of the result, whatever number of threads fills them.</summary>
    public int Parallelism { get; }

    /// <summary>
    /// Whether a hash with these parameters is weaker than one with others: less memory or fewer passes, and not more of either. Lanes are no
    /// strength. Of two that are each better in something, neither is weaker.
    /// </summary>
    /// <param name="other">The others.</param>
    public bool IsWeakerThan(Argon2Parameters other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return MemoryKiB <= other.MemoryKiB && Iterations <= other.Iterations && (MemoryKiB < other.MemoryKiB || Iterations < other.Iterations);
    }

    /// <summary>Creates parameters from numbers that may be wrong, such as those read from a database.</summary>
    /// <param name="memoryKiB">Memory in KiB.</param>
    /// <param name="iterations">Passes over the memory.</param>
    /// <param name="parallelism">Lanes.</param>
    /// <param name="parameters">The parameters, or null.</param>
    /// <returns>False if a value is outside the limits of the constructor.</returns>
    public static bool TryCreate(long memoryKiB, long iterations, long parallelism, [NotNullWhen(true)] out Argon2Parameters? parameters)
    {
        bool valid = parallelism is >= 1 and <= MaximumParallelism
            && iterations is >= 1 and <= int.MaxValue
            && memoryKiB <= int.MaxValue
            && memoryKiB >= MinimumMemoryPerLane * parallelism;

        parameters = valid ? new Argon2Parameters((int)memoryKiB, (int)iterations, (int)parallelism) : null;
        return valid;
    }
}
