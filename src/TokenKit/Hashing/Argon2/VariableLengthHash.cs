using System.Buffers.Binary;
using System.Security.Cryptography;
using TokenKit.Hashing.Blake2;

namespace TokenKit.Hashing.Argon2;

/// <summary>H' of RFC 9106 §3.3: BLAKE2b stretched to a digest of any length.</summary>
internal static class VariableLengthHash
{
    private const int Half = Blake2b.MaximumDigestLength / 2;

    /// <summary>Hashes a message to as many bytes as the destination holds, at least one.</summary>
    public static void Hash(ReadOnlySpan<byte> message, Span<byte> destination)
    {
        Span<byte> length = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)destination.Length);

        var hash = new Blake2b(Math.Min(destination.Length, Blake2b.MaximumDigestLength));
        hash.Append(length);
        hash.Append(message);

        if (destination.Length <= Blake2b.MaximumDigestLength)
        {
            hash.Finish(destination);
            return;
        }

        // V1, V2, … each hash the one before; the first half of each is output, and the last one, which is as long as what is missing, is output whole.
        Span<byte> v = stackalloc byte[Blake2b.MaximumDigestLength];
        try
        {
            hash.Finish(v);
            while (destination.Length > Blake2b.MaximumDigestLength)
            {
                v[..Half].CopyTo(destination);
                destination = destination[Half..];
                if (destination.Length > Blake2b.MaximumDigestLength)
                {
                    Blake2b.Hash(v, v);
                }
            }

            Blake2b.Hash(v, destination);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(v);
        }
    }
}
