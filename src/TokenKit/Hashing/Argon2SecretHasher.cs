using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using TokenKit.Hashing.Argon2;

namespace TokenKit.Hashing;

/// <summary>Hashes plaintexts with Argon2id under a salt of their own, and keeps the memory between hashes.</summary>
internal sealed class Argon2SecretHasher(IOptions<HashingOptions> options, TimeProvider time) : ISecretHasher, IDisposable
{
    private const int SaltLength = 16;
    private const int HashLength = 32;

    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(1);

    private readonly Argon2Parameters _parameters = options.Value.Parameters;

    // As many areas as the gate has permits, so nobody waits here.
    private readonly Argon2MemoryPool _memory = new(options.Value.MaximumConcurrency, IdleTime, time);

    public string Hash(ReadOnlySpan<byte> plaintext, CancellationToken cancellationToken)
    {
        Span<byte> salt = stackalloc byte[SaltLength];
        Span<byte> hash = stackalloc byte[HashLength];
        RandomNumberGenerator.Fill(salt);
        Argon2id.DeriveKey(plaintext, salt, hash, _parameters, _memory, cancellationToken: cancellationToken);
        return new PhcString(_parameters, salt, hash).ToText();
    }

    public SecretVerdict Verify(ReadOnlySpan<byte> plaintext, string hash, CancellationToken cancellationToken)
    {
        // A key id or associated data would make it a hash of somebody else's, or of a key that is not at hand.
        if (!PhcString.TryParse(hash, out PhcString? stored)
            || !stored.TryGetParameters(Argon2Limits.Default, out Argon2Parameters? parameters)
            || !stored.KeyId.IsEmpty
            || !stored.AssociatedData.IsEmpty)
        {
            return SecretVerdict.Unusable;
        }

        Span<byte> computed = stackalloc byte[stored.Hash.Length];
        Argon2id.DeriveKey(plaintext, stored.Salt, computed, parameters, _memory, cancellationToken: cancellationToken);
        return !CryptographicOperations.FixedTimeEquals(computed, stored.Hash) ? SecretVerdict.Differs
            : parameters == _parameters ? SecretVerdict.Matches
            : SecretVerdict.MatchesOutdated;
    }

    public void Dispose() => _memory.Dispose();
}
