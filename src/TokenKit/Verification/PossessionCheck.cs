using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using TokenKit.Diagnostics;
using TokenKit.Format;
using TokenKit.Hashing;
using TokenKit.Stores;

namespace TokenKit.Verification;

/// <summary>Tells possession by what the row holds besides the hash, in constant time: the keyed verifier, else the tag.</summary>
internal sealed class PossessionCheck(KeyRing keys, Metrics metrics, ILogger<ApiTokens> logger)
{
    // Key ids come from the database: no more than a host ever had are worth a line.
    private const int MostReported = 64;

    private readonly ConcurrentDictionary<string, bool> _reported = new(StringComparer.Ordinal);

    /// <summary>Stands in for an unknown token, so that an unknown id is compared like a forged secret.</summary>
    public StoredToken Decoy { get; } = new()
    {
        Id = Guid.Empty,
        Realm = "",
        Kind = "",
        Subject = "",
        Name = "",
        Scopes = "",
        Secret = new StoredSecret
        {
            Hint = "",
            Hash = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            Tag = new byte[SecretTag.Length],
            KeyId = keys.Current?.Id,
            Verifier = keys.Current is null ? null : new byte[RingKey.VerifierLength],
        },
        CreatedAt = default,
        UpdatedAt = default,
    };

    /// <summary>What the row tells of a text that <see cref="TokenText.TryParse"/> accepts.</summary>
    public Possession Check(StoredToken row, ReadOnlySpan<char> text)
    {
        // The tag is of the secret alone. Whoever has the secret of one token could hang it behind any prefix of the realm, so that each try
        // costs a hash that fails: the prefix belongs to the proof, and the hint tells it.
        bool hasHint = TokenText.HasHint(text, row.Secret.Hint);
        RingKey? key = null;
        if (row.Secret.KeyId is not null && !keys.TryGet(row.Secret.KeyId, out key))
        {
            ReportGone(row.Secret.KeyId);
            return hasHint ? Possession.Unproven : Possession.Disproved;
        }

        if (key is not null && row.Secret.Verifier is not null)
        {
            return HasVerifier(key, row.Secret.Verifier, text) & hasHint ? Possession.Proven : Possession.Disproved;
        }

        return row.Secret.Tag is null
            ? hasHint ? Possession.Unproven : Possession.Disproved
            : HasTag(key, row.Secret.Tag, text) & hasHint ? Possession.TagMatched : Possession.Disproved;
    }

    private static bool HasVerifier(RingKey key, byte[] verifier, ReadOnlySpan<char> text)
    {
        Span<byte> ascii = stackalloc byte[TokenText.MaximumLength];
        Span<byte> computed = stackalloc byte[RingKey.VerifierLength];
        try
        {
            key.ComputeVerifier(ascii[..Encoding.ASCII.GetBytes(text, ascii)], computed);
            return CryptographicOperations.FixedTimeEquals(computed, verifier);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(ascii);
            CryptographicOperations.ZeroMemory(computed);
        }
    }

    private static bool HasTag(RingKey? key, byte[] tag, ReadOnlySpan<char> text)
    {
        Span<byte> secret = stackalloc byte[TokenText.SecretBytes];
        Span<byte> computed = stackalloc byte[SecretTag.Length];
        try
        {
            TokenText.TryReadSecret(text, secret);
            if (key is null)
            {
                SecretTag.Compute(secret, computed);
            }
            else
            {
                key.ComputeTag(secret, computed);
            }

            return CryptographicOperations.FixedTimeEquals(computed, tag);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(computed);
        }
    }

    private void ReportGone(string keyId)
    {
        metrics.KeyGone();
        if (!_reported.ContainsKey(keyId) && _reported.Count < MostReported && _reported.TryAdd(keyId, true))
        {
            Log.KeyGone(logger, keyId);
        }
    }
}
