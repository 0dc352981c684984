using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace TokenKit.Hashing.Argon2;

/// <summary>The unit of Argon2's memory: 1024 bytes as 128 words (RFC 9106 §3.2).</summary>
[InlineArray(Words)]
internal struct Block
{
    public const int Words = 128;
    public const int Bytes = 1024;

    private ulong _word;

    /// <summary>Takes the words from bytes; the least significant byte comes first, as everywhere in the RFC.</summary>
    public void ReadFrom(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < Words; i++)
        {
            this[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(8 * i)..]);
        }
    }

    /// <summary>Writes the words as bytes.</summary>
    public readonly void WriteTo(Span<byte> bytes)
    {
        for (int i = 0; i < Words; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[(8 * i)..], this[i]);
        }
    }

    /// <summary>Adds another block, bit by bit modulo 2.</summary>
    public void Xor(ref readonly Block other)
    {
        for (int i = 0; i < Words; i++)
        {
            this[i] ^= other[i];
        }
    }

    /// <summary>Overwrites the words with zeros.</summary>
    public void Clear() => ((Span<ulong>)this).Clear();
}
