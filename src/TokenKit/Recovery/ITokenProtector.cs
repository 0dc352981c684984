using System.Diagnostics.CodeAnalysis;

namespace TokenKit.Recovery;

/// <summary>Encrypts the copies of plaintexts that a realm keeps. A host implements it over the keys it has.</summary>
/// <remarks>
/// The keys lie outside the token database and outlive the process. TokenKit.AspNetCore has one over ASP.NET Core Data Protection.
/// </remarks>
public interface ITokenProtector
{
    /// <summary>Encrypts and authenticates a plaintext.</summary>
    /// <param name="plaintext">The plaintext of a token, as ASCII; at most 256 bytes.</param>
    /// <returns>The ciphertext, at most 4 096 bytes.</returns>
    byte[] Protect(ReadOnlySpan<byte> plaintext);

    /// <summary>Decrypts what <see cref="Protect"/> returned.</summary>
    /// <param name="ciphertext">The ciphertext.</param>
    /// <param name="plaintext">The plaintext; the caller wipes it.</param>
    /// <returns>False when the key is gone or the ciphertext was damaged. An implementation does not throw for that.</returns>
    bool TryUnprotect(ReadOnlySpan<byte> ciphertext, [NotNullWhen(true)] out byte[]? plaintext);
}
