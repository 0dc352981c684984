using System.Buffers.Binary;
using System.Security.Cryptography;

namespace TokenKit.Hashing.Argon2;

/// <summary>What goes into the memory before it is filled, and what is taken out of it afterwards (RFC 9106 §3.2).</summary>
internal static class MemoryEnds
{
    /// <summary>Steps 3 and 4: the first two blocks of each lane, from H0 and their position.</summary>
    public static void WriteFirstBlocks(ReadOnlySpan<byte> initialHash, Span<Block> memory, in MemoryLayout layout)
    {
        Span<byte> message = stackalloc byte[InitialHash.Length + (2 * sizeof(int))];
        Span<byte> bytes = stackalloc byte[Block.Bytes];
        try
        {
            initialHash.CopyTo(message);
            for (int lane = 0; lane < layout.Lanes; lane++)
            {
                for (int column = 0; column < 2; column++)
                {
                    BinaryPrimitives.WriteInt32LittleEndian(message[InitialHash.Length..], column);
                    BinaryPrimitives.WriteInt32LittleEndian(message[(InitialHash.Length + sizeof(int))..], lane);
                    VariableLengthHash.Hash(message, bytes);
                    memory[(lane * layout.Columns) + column].ReadFrom(bytes);
                }
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(message);
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Steps 7 and 8: the tag is the hash of the sum, bit by bit modulo 2, of the last block of each lane.</summary>
    public static void HashLastBlocks(ReadOnlySpan<Block> memory, in MemoryLayout layout, Span<byte> destination)
    {
        Block sum = memory[layout.Columns - 1];
        Span<byte> bytes = stackalloc byte[Block.Bytes];
        try
        {
            for (int lane = 1; lane < layout.Lanes; lane++)
            {
                sum.Xor(in memory[(lane * layout.Columns) + layout.Columns - 1]);
            }

            sum.WriteTo(bytes);
            VariableLengthHash.Hash(bytes, destination);
        }
        finally
        {
            sum.Clear();
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
