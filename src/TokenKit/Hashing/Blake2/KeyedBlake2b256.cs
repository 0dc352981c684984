namespace TokenKit.Hashing.Blake2;

/// <summary>Keyed BLAKE2b with 32 bytes of output under a key that is used many times (RFC 7693 §2.9).</summary>
/// <remarks>The block that holds the key is compressed once, here, and not again for each message. Safe for use by many threads; allocates nothing.</remarks>
internal sealed class KeyedBlake2b256
{
    public const int DigestLength = 32;

    private readonly Blake2b _keyRead;
    private readonly Blake2b _keyOnly;

    /// <summary>Takes a key of 1 to 64 bytes; 32 are usual.</summary>
    public KeyedBlake2b256(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfZero(key.Length, nameof(key));

        _keyOnly = new Blake2b(DigestLength, key);
        _keyRead = _keyOnly;
        _keyRead.CompressBuffer();
    }

    /// <summary>Hashes a message into 32 bytes.</summary>
    public void Hash(ReadOnlySpan<byte> message, Span<byte> digest) => Hash(message, default, default, digest);

    /// <summary>Hashes three parts, one after the other and nothing between them, into 32 bytes.</summary>
    public void Hash(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, Span<byte> digest)
    {
        if (digest.Length != DigestLength)
        {
            throw new ArgumentException($"The digest has {DigestLength} bytes.", nameof(digest));
        }

        // For the empty message the key's block is the last one, which is compressed differently.
        bool isEmpty = first.IsEmpty && second.IsEmpty && third.IsEmpty;
        Blake2b hash = isEmpty ? _keyOnly : _keyRead;
        hash.Append(first);
        hash.Append(second);
        hash.Append(third);
        hash.Finish(digest);
    }
}
