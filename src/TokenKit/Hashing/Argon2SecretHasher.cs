using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using TokenKit.Hashing.Argon2;

namespace TokenKit.Hashing;

/// <summary>
/// Hashes plaintexts with Argon2id under a salt of their own, with a key of the ring where that is wanted. It knows PHC strings, limits and keys;
/// TokenKit's own Argon2id or a function of the host's computes.
/// </summary>
internal sealed class Argon2SecretHasher : ISecretHasher, IDisposable
{
    private const int SaltLength = 16;
    private const int HashLength = 32;

    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(1);

    private readonly Argon2Parameters _parameters;
    private readonly KeyRing _keys;
    private readonly Argon2idFunction _deriveKey;

    // What new hashes begin with, and so nearly all that are asked about.
    private readonly string _beginning;

    private readonly Argon2MemoryPool? _memory;

    /// <summary>Computes with TokenKit's own Argon2id, and keeps its memory between hashes.</summary>
    public Argon2SecretHasher(IOptions<HashingOptions> options, KeyRing keys, TimeProvider time)
        : this(options, keys, "TokenKit", deriveKey: null, PoolFor(options.Value, time))
    {
    }

    /// <summary>Computes with another implementation.</summary>
    public Argon2SecretHasher(IOptions<HashingOptions> options, KeyRing keys, string implementation, Argon2idFunction deriveKey)
        : this(options, keys, implementation, deriveKey, memory: null)
    {
    }

    private Argon2SecretHasher(
        IOptions<HashingOptions> options, KeyRing keys, string implementation, Argon2idFunction? deriveKey, Argon2MemoryPool? memory)
    {
        _parameters = options.Value.Parameters;
        _keys = keys;
        _deriveKey = deriveKey ?? DeriveInPool;
        _memory = memory;
        _beginning = BeginningOf(_parameters, keys.HashKey);
        Implementation = implementation;
    }

    /// <summary>Whose Argon2id it is, for the log.</summary>
    public string Implementation { get; }

    /// <summary>Whether it is TokenKit's own, whose memory is bounded by the permits of the gate.</summary>
    public bool IsOwn => _memory is not null;

    public string Hash(ReadOnlySpan<byte> plaintext, CancellationToken cancellationToken)
    {
        Span<byte> salt = stackalloc byte[SaltLength];
        Span<byte> hash = stackalloc byte[HashLength];
        RandomNumberGenerator.Fill(salt);
        RingKey? key = _keys.HashKey;
        _deriveKey(plaintext, salt, hash, _parameters, key is null ? default : key.HashSecret, associatedData: default, cancellationToken);
        return new PhcString(_parameters, salt, hash, key?.IdBytes).ToText();
    }

    public SecretVerdict Verify(ReadOnlySpan<byte> plaintext, string hash, CancellationToken cancellationToken)
    {
        // Without its key it cannot be computed. Associated data is in the text: new hashes have none, those from elsewhere may.
        if (!PhcString.TryParse(hash, out PhcString? stored)
            || !stored.TryGetParameters(Argon2Limits.Default, out Argon2Parameters? parameters)
            || !TryGetSecret(stored, out ReadOnlySpan<byte> secret))
        {
            return SecretVerdict.Unusable;
        }

        Span<byte> computed = stackalloc byte[stored.Hash.Length];
        _deriveKey(plaintext, stored.Salt, computed, parameters, secret, stored.AssociatedData, cancellationToken);
        return !CryptographicOperations.FixedTimeEquals(computed, stored.Hash) ? SecretVerdict.Differs
            : IsOutdated(stored, parameters) ? SecretVerdict.MatchesOutdated
            : SecretVerdict.Matches;
    }

    public bool IsOutdated(string hash) =>
        !hash.StartsWith(_beginning, StringComparison.Ordinal)
        && PhcString.TryParse(hash, out PhcString? stored)
        && stored.TryGetParameters(Argon2Limits.Default, out Argon2Parameters? parameters)
        && IsOutdated(stored, parameters);

    public void Dispose() => _memory?.Dispose();

    // As many areas as the gate has permits, so nobody waits here. A row may ask for a larger area, but not for a longer time than its hash.
    private static Argon2MemoryPool PoolFor(HashingOptions options, TimeProvider time) =>
        new(options.MaximumConcurrency, IdleTime, time, largestKept: new MemoryLayout(options.Parameters).Blocks);

    private static string BeginningOf(Argon2Parameters parameters, RingKey? key)
    {
        string text = new PhcString(parameters, new byte[SaltLength], new byte[HashLength], key?.IdBytes).ToText();
        string beforeHash = text[..text.LastIndexOf('$')];
        return beforeHash[..(beforeHash.LastIndexOf('$') + 1)];
    }

    private void DeriveInPool(
        ReadOnlySpan<byte> password,
        ReadOnlySpan<byte> salt,
        Span<byte> destination,
        Argon2Parameters parameters,
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> associatedData,
        CancellationToken cancellationToken) =>
        Argon2id.DeriveKey(password, salt, destination, parameters, _memory!, secret, associatedData, cancellationToken: cancellationToken);

    // Never for having other parameters: what was made stronger than new hashes are stays so.
    private bool IsOutdated(PhcString stored, Argon2Parameters parameters) =>
        parameters.IsWeakerThan(_parameters) || !stored.KeyId.SequenceEqual(_keys.HashKey?.IdBytes);

    private bool TryGetSecret(PhcString stored, out ReadOnlySpan<byte> secret)
    {
        secret = default;
        if (stored.KeyId.IsEmpty)
        {
            return true;
        }

        if (!_keys.TryGet(stored.KeyId, out RingKey? key))
        {
            return false;
        }

        secret = key.HashSecret;
        return true;
    }
}
