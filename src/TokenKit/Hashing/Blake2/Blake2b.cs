using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace TokenKit.Hashing.Blake2;

/// <summary>BLAKE2b with or without a key, fed in any number of parts (RFC 7693).</summary>
/// <remarks>
/// A mutable struct, so that a hash costs no allocation: keep it in a local, pass it by reference.
/// Messages end at 2^64 - 1 bytes, so the upper half of the RFC's 128-bit counter stays zero.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal struct Blake2b
{
    public const int BlockLength = 128;
    public const int MaximumDigestLength = 64;
    public const int MaximumKeyLength = 64;

    private Chain _chain;
    private Buffer _buffer;
    private int _buffered;
    private ulong _compressed;

    /// <summary>Starts a hash: RFC 7693 §2.5 for the parameter block, §2.9 for the key.</summary>
    public Blake2b(int digestLength, ReadOnlySpan<byte> key = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(digestLength, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digestLength, MaximumDigestLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, MaximumKeyLength, nameof(key));

        Blake2bCompression.InitializationVector.CopyTo(_chain);
        _chain[0] ^= 0x0101_0000UL ^ ((ulong)key.Length << 8) ^ (ulong)digestLength;

        if (!key.IsEmpty)
        {
            key.CopyTo(_buffer);
            _buffered = BlockLength; // the key, padded with zeros, is the first block
        }
    }

    /// <summary>Hashes one message at once.</summary>
    public static void Hash(ReadOnlySpan<byte> message, Span<byte> digest, ReadOnlySpan<byte> key = default)
    {
        var hash = new Blake2b(digest.Length, key);
        hash.Append(message);
        hash.Finish(digest);
    }

    /// <summary>Adds a part of the message.</summary>
    public void Append(ReadOnlySpan<byte> part)
    {
        // A full buffer is compressed only when more follows: the last block is compressed differently.
        while (!part.IsEmpty)
        {
            if (_buffered == BlockLength)
            {
                CompressBuffer();
            }

            int count = Math.Min(part.Length, BlockLength - _buffered);
            part[..count].CopyTo(_buffer[_buffered..]);
            _buffered += count;
            part = part[count..];
        }
    }

    /// <summary>Compresses the full buffer although the message may end here. Right only if more of the message follows for certain.</summary>
    public void CompressBuffer()
    {
        _compressed += BlockLength;
        Blake2bCompression.Compress(_chain, _buffer, _compressed, isLast: false);
        _buffered = 0;
    }

    /// <summary>Writes the digest, as many bytes as were announced at the start, and wipes this instance.</summary>
    public void Finish(Span<byte> digest)
    {
        _buffer[_buffered..].Clear();
        _compressed += (ulong)_buffered;
        Blake2bCompression.Compress(_chain, _buffer, _compressed, isLast: true);

        // The buffer has done its work, and can hold the chain as bytes.
        Span<byte> bytes = _buffer;
        for (int i = 0; i < MaximumDigestLength / sizeof(ulong); i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[(sizeof(ulong) * i)..], _chain[i]);
        }

        bytes[..digest.Length].CopyTo(digest);
        Clear();
    }

    /// <summary>Wipes this instance.</summary>
    public void Clear()
    {
        CryptographicOperations.ZeroMemory(_buffer);
        ((Span<ulong>)_chain).Clear();
        _buffered = 0;
        _compressed = 0;
    }

    [InlineArray(8)]
    private struct Chain
    {
        private ulong _word;
    }

    [InlineArray(BlockLength)]
    private struct Buffer
    {
        private byte _octet;
    }
}
