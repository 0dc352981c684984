using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using TokenKit.Format;
using TokenKit.Hashing.Blake2;
using TokenKit.Stores;

namespace TokenKit.Verification;

/// <summary>Names one pair of a presented text and a stored hash: 32 bytes that say nothing of either without the key of this process.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct ProofKey(ulong A, ulong B, ulong C, ulong D)
{
    // The bits of a keyed digest are spread evenly already.
    public override int GetHashCode() => (int)A;
}

/// <summary>Makes <see cref="ProofKey"/>s: keyed BLAKE2b-256 over the fingerprint of the PHC string, the id and, last, the whole text.</summary>
internal sealed class ProofKeyFactory
{
    private const int FingerprintLength = 32;
    private const int IdLength = 16;

    private readonly KeyedBlake2b256 _digest = new(RandomNumberGenerator.GetBytes(32));

    /// <summary>The key for a row and a text that <see cref="TokenText.TryParse"/> accepts.</summary>
    public ProofKey Create(StoredToken row, ReadOnlySpan<char> text)
    {
        Span<byte> rowPart = stackalloc byte[FingerprintLength + IdLength];
        WritePart(row, rowPart);
        return Create(rowPart, text);
    }

    /// <summary>The key for the <see cref="PartOf"/> a row and a text that <see cref="TokenText.TryParse"/> accepts.</summary>
    [SkipLocalsInit]
    public ProofKey Create(ReadOnlySpan<byte> rowPart, ReadOnlySpan<char> text)
    {
        Span<byte> ascii = stackalloc byte[TokenText.MaximumLength];
        Span<ulong> digest = stackalloc ulong[4];
        int length = Encoding.ASCII.GetBytes(text, ascii);
        try
        {
            _digest.Hash(rowPart, ascii[..length], default, MemoryMarshal.AsBytes(digest));
            return new ProofKey(digest[0], digest[1], digest[2], digest[3]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(ascii[..length]);
        }
    }

    /// <summary>What a row contributes to each of its keys: the fingerprint of its PHC string, and its id.</summary>
    public static byte[] PartOf(StoredToken row)
    {
        byte[] part = new byte[FingerprintLength + IdLength];
        WritePart(row, part);
        return part;
    }

    private static void WritePart(StoredToken row, Span<byte> part)
    {
        WriteFingerprint(row.Secret.Hash, part[..FingerprintLength]);
        row.Id.TryWriteBytes(part[FingerprintLength..], bigEndian: true, out _);
    }

    // The whole PHC string counts, so that a proof ends with any change to the stored hash. BLAKE2b-256: it is at hand, and reads one for less
    // than the platform's SHA-256 takes to begin.
    private static void WriteFingerprint(string hash, Span<byte> fingerprint)
    {
        const int usualLength = 512;
        int length = Encoding.UTF8.GetByteCount(hash);
        byte[]? rented = length > usualLength ? ArrayPool<byte>.Shared.Rent(length) : null;
        Span<byte> bytes = rented ?? stackalloc byte[usualLength];
        length = Encoding.UTF8.GetBytes(hash, bytes);
        Blake2b.Hash(bytes[..length], fingerprint);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }
}
