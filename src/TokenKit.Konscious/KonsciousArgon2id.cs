using System.Security.Cryptography;
using TokenKit.Hashing.Argon2;
using PackageArgon2id = Konscious.Security.Cryptography.Argon2id;

namespace TokenKit.Konscious;

/// <summary>Argon2id of the package Konscious.Security.Cryptography.Argon2, in the form of <see cref="Argon2idFunction"/>.</summary>
internal static class KonsciousArgon2id
{
    public static void DeriveKey(
        ReadOnlySpan<byte> password,
        ReadOnlySpan<byte> salt,
        Span<byte> destination,
        Argon2Parameters parameters,
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> associatedData,
        CancellationToken cancellationToken)
    {
        // The package looks at no token: a hash that has begun runs to its end.
        cancellationToken.ThrowIfCancellationRequested();
        using var passwordCopy = new WipedCopy(password);
        using var secretCopy = new WipedCopy(secret);
        using var argon2 = new PackageArgon2id(passwordCopy.Bytes)
        {
            Salt = salt.ToArray(),
            KnownSecret = secretCopy.Bytes,
            AssociatedData = associatedData.ToArray(),
            MemorySize = parameters.MemoryKiB,
            Iterations = parameters.Iterations,
            DegreeOfParallelism = parameters.Parallelism,
        };

        // GetBytes would do the same, with one more thread of the pool that only waits.
        byte[] tag = argon2.GetBytesAsync(destination.Length).GetAwaiter().GetResult();
        try
        {
            tag.CopyTo(destination);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(tag);
        }
    }
}
