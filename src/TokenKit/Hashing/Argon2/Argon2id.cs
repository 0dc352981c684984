using System.Security.Cryptography;

namespace TokenKit.Hashing.Argon2;

/// <summary>Argon2id, version 1.3, of RFC 9106: a password hash that costs memory as well as time.</summary>
public static class Argon2id
{
    /// <summary>The shortest output in bytes (RFC 9106 §3.1, tag length T).</summary>
    public const int MinimumDestinationLength = 4;

    /// <summary>Derives a key from a password.</summary>
    /// <remarks>
    /// The memory is native, taken for this call, and wiped before it is freed; a call allocates less than 1 KiB on the managed heap.
    /// With more than one lane, threads of the thread pool help the calling thread where they are free; the result does not depend on them.
    /// </remarks>
    /// <param name="password">The message P: 0 to 2^31 - 1 bytes (RFC 9106 §3.1 goes up to 2^32 - 1).</param>
    /// <param name="salt">The nonce S: 0 to 2^31 - 1 bytes. RFC 9106 §3.1 recommends 16, and one of its own for each password; the C reference library refuses fewer than 8.</param>
    /// <param name="destination">Receives the tag. Its length is the tag length T, which goes into the hash: at least 4 bytes (RFC 9106 §3.1), 32 are usual.</param>
    /// <param name="parameters">Memory, iterations and parallelism (RFC 9106 §3.1; §4 on choosing them).</param>
    /// <param name="secret">The secret value K, a key kept apart from the hashes: 0 to 2^31 - 1 bytes, none by default (RFC 9106 §3.1).</param>
    /// <param name="associatedData">The associated data X, which the hash is bound to: 0 to 2^31 - 1 bytes, none by default (RFC 9106 §3.1).</param>
    /// <param name="cancellationToken">Looked at between segments, of which each lane has four in each pass. After cancellation the destination is unchanged.</param>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    /// <exception cref="ArgumentNullException">The parameters are null.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="OutOfMemoryException">The system does not have the memory that the parameters ask for.</exception>
    public static void DeriveKey(
        ReadOnlySpan<byte> password,
        ReadOnlySpan<byte> salt,
        Span<byte> destination,
        Argon2Parameters parameters,
        ReadOnlySpan<byte> secret = default,
        ReadOnlySpan<byte> associatedData = default,
        CancellationToken cancellationToken = default)
    {
        Validate(destination, parameters);

        int blocks = new MemoryLayout(parameters).Blocks;
        using var memory = new Argon2Memory(blocks);
        try
        {
            Derive(SupportedMixing.Widest, memory, password, salt, destination, parameters, secret, associatedData, cancellationToken);
        }
        finally
        {
            memory.Blocks(blocks).Clear();
        }
    }

    /// <summary>
    /// The same with memory from a pool, which saves getting fresh pages from the system; waits while the pool has lent all its areas.
    /// Where no kind of mixing is asked for, it is the widest.
    /// </summary>
    internal static void DeriveKey(
        ReadOnlySpan<byte> password,
        ReadOnlySpan<byte> salt,
        Span<byte> destination,
        Argon2Parameters parameters,
        Argon2MemoryPool pool,
        ReadOnlySpan<byte> secret = default,
        ReadOnlySpan<byte> associatedData = default,
        BlockMixing? mixing = null,
        CancellationToken cancellationToken = default)
    {
        Validate(destination, parameters);

        int blocks = new MemoryLayout(parameters).Blocks;
        Argon2Memory memory = pool.Rent(blocks, cancellationToken);
        try
        {
            Derive(mixing ?? SupportedMixing.Widest, memory, password, salt, destination, parameters, secret, associatedData, cancellationToken);
        }
        finally
        {
            pool.Return(memory, blocks);
        }
    }

    /// <summary>The steps of RFC 9106 §3.2, in memory that the caller wipes.</summary>
    private static void Derive(
        BlockMixing mixing,
        Argon2Memory memory,
        ReadOnlySpan<byte> password,
        ReadOnlySpan<byte> salt,
        Span<byte> destination,
        Argon2Parameters parameters,
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> associatedData,
        CancellationToken cancellationToken)
    {
        var layout = new MemoryLayout(parameters);
        Span<Block> blocks = memory.Blocks(layout.Blocks);
        Span<byte> initialHash = stackalloc byte[InitialHash.Length];
        try
        {
            InitialHash.Compute(password, salt, secret, associatedData, destination.Length, parameters, initialHash);
            MemoryEnds.WriteFirstBlocks(initialHash, blocks, layout);
            new MemoryFilling(mixing, memory, layout, cancellationToken).Run();
            MemoryEnds.HashLastBlocks(blocks, layout, destination);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(initialHash);
        }
    }

    private static void Validate(ReadOnlySpan<byte> destination, Argon2Parameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (destination.Length < MinimumDestinationLength)
        {
            throw new ArgumentException($"RFC 9106 asks for a tag of at least {MinimumDestinationLength} bytes.", nameof(destination));
        }
    }
}
