using System.Security.Cryptography;

namespace TokenKit.Hashing;

/// <summary>
/// The first 64 bits of SHA-256 over a fixed label and the secret. It shows possession before anything costly is done: who does not have
/// the secret makes the server hash once in 2^64 tries. It leaves 192 bits of the secret unknown to whoever reads the column.
/// </summary>
internal static class SecretTag
{
    public const int Length = 8;

    private static ReadOnlySpan<byte> Label => "TokenKit tag 1"u8;

    public static byte[] Compute(ReadOnlySpan<byte> secret)
    {
        byte[] tag = new byte[Length];
        Compute(secret, tag);
        return tag;
    }

    public static void Compute(ReadOnlySpan<byte> secret, Span<byte> tag)
    {
        Span<byte> labelled = stackalloc byte[Label.Length + secret.Length];
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        try
        {
            Label.CopyTo(labelled);
            secret.CopyTo(labelled[Label.Length..]);
            SHA256.HashData(labelled, digest);
            digest[..Length].CopyTo(tag);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(labelled);
            CryptographicOperations.ZeroMemory(digest);
        }
    }
}
