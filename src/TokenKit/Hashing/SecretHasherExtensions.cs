using System.Security.Cryptography;
using System.Text;
using TokenKit.Format;

namespace TokenKit.Hashing;

/// <summary>Hands plaintexts to a hasher, as bytes that are wiped afterwards.</summary>
internal static class SecretHasherExtensions
{
    /// <summary>Hashes a plaintext.</summary>
    public static string Hash(this ISecretHasher hasher, ReadOnlySpan<char> text, CancellationToken cancellationToken)
    {
        Span<byte> ascii = stackalloc byte[TokenText.MaximumLength];
        try
        {
            return hasher.Hash(ascii[..Encoding.ASCII.GetBytes(text, ascii)], cancellationToken);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(ascii);
        }
    }

    /// <summary>Compares a plaintext with a stored hash.</summary>
    public static SecretVerdict Verify(this ISecretHasher hasher, ReadOnlySpan<char> text, string hash, CancellationToken cancellationToken)
    {
        Span<byte> ascii = stackalloc byte[TokenText.MaximumLength];
        try
        {
            return hasher.Verify(ascii[..Encoding.ASCII.GetBytes(text, ascii)], hash, cancellationToken);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(ascii);
        }
    }
}
