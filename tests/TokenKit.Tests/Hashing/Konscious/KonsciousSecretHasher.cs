using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using TokenKit;
using TokenKit.Hashing;
using KonsciousArgon2id = Konscious.Security.Cryptography.Argon2id;

namespace Acme.Hashing;

/// <summary>Hashes plaintexts with the package Konscious.Security.Cryptography.Argon2.</summary>
public sealed class KonsciousSecretHasher(IOptions<HashingOptions> options) : ISecretHasher
{
    private const int SaltLength = 16;
    private const int HashLength = 32;

    private readonly Argon2Parameters _parameters = options.Value.Parameters;

    public string Hash(ReadOnlySpan<byte> plaintext, CancellationToken cancellationToken)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltLength);
        byte[] hash = Derive(plaintext, salt, HashLength, _parameters, cancellationToken);
        return new PhcString(_parameters, salt, hash).ToText();
    }

    public SecretVerdict Verify(ReadOnlySpan<byte> plaintext, string hash, CancellationToken cancellationToken)
    {
        // Parameters of a row are run only within the limits. A key id or associated data would make it a hash of somebody else's.
        if (!PhcString.TryParse(hash, out PhcString? stored)
            || !stored.TryGetParameters(Argon2Limits.Default, out Argon2Parameters? parameters)
            || !stored.KeyId.IsEmpty
            || !stored.AssociatedData.IsEmpty)
        {
            return SecretVerdict.Unusable;
        }

        byte[] computed = Derive(plaintext, stored.Salt, stored.Hash.Length, parameters, cancellationToken);
        return !CryptographicOperations.FixedTimeEquals(computed, stored.Hash) ? SecretVerdict.Differs
            : parameters.IsWeakerThan(_parameters) ? SecretVerdict.MatchesOutdated
            : SecretVerdict.Matches;
    }

    private static byte[] Derive(
        ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> salt, int length, Argon2Parameters parameters, CancellationToken cancellationToken)
    {
        // The package cannot stop a hash that has begun.
        cancellationToken.ThrowIfCancellationRequested();
        byte[] password = plaintext.ToArray();
        try
        {
            using var argon2 = new KonsciousArgon2id(password)
            {
                Salt = salt.ToArray(),
                DegreeOfParallelism = parameters.Parallelism,
                MemorySize = parameters.MemoryKiB,
                Iterations = parameters.Iterations,
                KnownSecret = null,
                AssociatedData = null,
            };
            return argon2.GetBytes(length);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
        }
    }
}
