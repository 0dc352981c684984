using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using TokenKit.Recovery;

namespace TokenKit.AspNetCore.Recovery;

/// <summary>Encrypts the copies of plaintexts with the host's Data Protection keys.</summary>
internal sealed class DataProtectionTokenProtector(IDataProtectionProvider provider) : ITokenProtector
{
    // A purpose of its own, so that nothing else the host protects can be read as a copy. The number counts the format of what is inside.
    private const string Purpose = "TokenKit.RecoverableCopy.v1";

    private readonly IDataProtector _protector = provider.CreateProtector(Purpose);

    public byte[] Protect(ReadOnlySpan<byte> plaintext)
    {
        byte[] copy = plaintext.ToArray();
        try
        {
            return _protector.Protect(copy);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy);
        }
    }

    public bool TryUnprotect(ReadOnlySpan<byte> ciphertext, [NotNullWhen(true)] out byte[]? plaintext)
    {
        try
        {
            plaintext = _protector.Unprotect(ciphertext.ToArray());
            return true;
        }
        catch (CryptographicException)
        {
            // The key is gone or revoked, or the ciphertext damaged: Data Protection throws the same for all of them.
            plaintext = null;
            return false;
        }
    }
}
