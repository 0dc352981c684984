using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using TokenKit.Hashing.Argon2;

namespace TokenKit.Hashing;

/// <summary>Hashes plaintexts with Argon2id under a salt of their own, with a key of the ring where that is wanted, and keeps the memory between hashes.</summary>
internal sealed class Argon2SecretHasher(IOptions<HashingOptions> options, KeyRing keys, TimeProvider time) : ISecretHasher, IDisposable
{
    private const int SaltLength = 16;
    private const int HashLength = 32;

    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(1);

    private readonly Argon2Parameters _parameters = options.Value.Parameters;

    // What new hashes begin with, and so nearly all that are asked about.
    private readonly string _beginning = BeginningOf(options.Value.Parameters, keys.HashKey);

    // As many areas as the gate has permits, so nobody waits here. A row may ask for a larger area, but not for a longer time than its hash.
    private readonly Argon2MemoryPool _memory = new(
        options.Value.MaximumConcurrency, IdleTime, time, largestKept: new MemoryLayout(options.Value.Parameters).Blocks);

    public string Hash(ReadOnlySpan<byte> plaintext, CancellationToken cancellationToken)
    {
        Span<byte> salt = stackalloc byte[SaltLength];
        Span<byte> hash = stackalloc byte[HashLength];
        RandomNumberGenerator.Fill(salt);
        RingKey? key = keys.HashKey;
        Argon2id.DeriveKey(plaintext, salt, hash, _parameters, _memory, key is null ? default : key.HashSecret, cancellationToken: cancellationToken);
        return new PhcString(_parameters, salt, hash, key?.IdBytes).ToText();
    }

    public SecretVerdict Verify(ReadOnlySpan<byte> plaintext, string hash, CancellationToken cancellationToken)
    {
        // Associated data would make it a hash of somebody else's, and without its key it cannot be computed.
        if (!PhcString.TryParse(hash, out PhcString? stored)
            || !stored.TryGetParameters(Argon2Limits.Default, out Argon2Parameters? parameters)
            || !TryGetSecret(stored, out ReadOnlySpan<byte> secret)
            || !stored.AssociatedData.IsEmpty)
        {
            return SecretVerdict.Unusable;
        }

        Span<byte> computed = stackalloc byte[stored.Hash.Length];
        Argon2id.DeriveKey(plaintext, stored.Salt, computed, parameters, _memory, secret, cancellationToken: cancellationToken);
        return !CryptographicOperations.FixedTimeEquals(computed, stored.Hash) ? SecretVerdict.Differs
            : IsOutdated(stored, parameters) ? SecretVerdict.MatchesOutdated
            : SecretVerdict.Matches;
    }

    public bool IsOutdated(string hash) =>
        !hash.StartsWith(_beginning, StringComparison.Ordinal)
        && PhcString.TryParse(hash, out PhcString? stored)
        && stored.TryGetParameters(Argon2Limits.Default, out Argon2Parameters? parameters)
        && IsOutdated(stored, parameters);

    public void Dispose() => _memory.Dispose();

    private static string BeginningOf(Argon2Parameters parameters, RingKey? key)
    {
        string text = new PhcString(parameters, new byte[SaltLength], new byte[HashLength], key?.IdBytes).ToText();
        string beforeHash = text[..text.LastIndexOf('$')];
        return beforeHash[..(beforeHash.LastIndexOf('$') + 1)];
    }

    // Never for having other parameters: what was made stronger than new hashes are stays so.
    private bool IsOutdated(PhcString stored, Argon2Parameters parameters) =>
        parameters.IsWeakerThan(_parameters) || !stored.KeyId.SequenceEqual(keys.HashKey?.IdBytes);

    private bool TryGetSecret(PhcString stored, out ReadOnlySpan<byte> secret)
    {
        secret = default;
        if (stored.KeyId.IsEmpty)
        {
            return true;
        }

        if (!keys.TryGet(stored.KeyId, out RingKey? key))
        {
            return false;
        }

        secret = key.HashSecret;
        return true;
    }
}
