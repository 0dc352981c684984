using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using TokenKit.Diagnostics;
using TokenKit.Format;
using TokenKit.Hashing;
using TokenKit.Policy;
using TokenKit.Stores;
using TokenKit.Usage;

namespace TokenKit.Verification;

/// <summary>
/// Verifies texts, in this order: form and checksum; the row; possession, by a remembered proof or the tag; the row's state; the hash,
/// where no proof is known; the state again, as it is by then. Until possession is proved nothing names the token.
/// </summary>
internal sealed class TokenVerifier(
    RealmDirectory realms,
    ITokenStore store,
    SecretProver prover,
    ProofCache proofs,
    ProofKeyFactory proofKeys,
    LastUsedTracker lastUsed,
    HashingGate gate,
    TimeProvider time,
    Metrics metrics,
    ILogger<ApiTokens> logger)
{
    // A hash may be replaced while it is being compared, but not again and again.
    private const int MostAttempts = 3;

    private static readonly VerificationResult Malformed = new VerificationResult.Refused(RefusalReason.Malformed);
    private static readonly VerificationResult Unrecognized = new VerificationResult.Refused(RefusalReason.Unrecognized);

    // Stands in for an unknown token, so that an unknown id is compared like a forged secret.
    private static readonly StoredToken Decoy = new()
    {
        Id = Guid.Empty,
        Realm = "",
        Kind = "",
        Subject = "",
        Name = "",
        Scopes = "",
        Hint = "",
        Hash = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        Tag = new byte[SecretTag.Length],
        CreatedAt = default,
        UpdatedAt = default,
    };

    public async ValueTask<VerificationResult> VerifyAsync(string realmName, string text, CancellationToken cancellationToken)
    {
        Realm realm = realms.Get(realmName);
        long startedAt = time.GetTimestamp();
        VerificationResult result;
        try
        {
            result = await DecideAsync(realm, text, cancellationToken).ConfigureAwait(false);
        }
        catch (TokenStoreException exception)
        {
            Log.StoreFailedVerifying(logger, exception);
            result = new VerificationResult.Unavailable(gate.RetryAfter);
        }
        catch (Exception exception) when (HashingGate.IsOutOfService(exception, cancellationToken))
        {
            Log.HashingFailed(logger, exception);
            result = new VerificationResult.Unavailable(gate.RetryAfter);
        }

        Report(realm, result, startedAt);
        return result;
    }

    private async ValueTask<VerificationResult> DecideAsync(Realm realm, string text, CancellationToken cancellationToken)
    {
        if (!TokenText.TryParse(text, out ReadOnlySpan<char> prefix, out Guid id) || !realm.Accepts(prefix))
        {
            return Malformed;
        }

        StoredToken? row = await FindAsync(realm, id, cancellationToken).ConfigureAwait(false);
        for (int attempt = 0; attempt < MostAttempts; attempt++)
        {
            ProofKey proof = proofKeys.Create(row ?? Decoy, text);
            bool proved = proofs.Knows(proof);
            if (!(proved || HasTag(row ?? Decoy, text)) || row is null)
            {
                return Unrecognized;
            }

            if (RefusalOf(row) is { } refusal)
            {
                return refusal;
            }

            if (proved)
            {
                metrics.ProofHit();
                return Accept(row);
            }

            if (!prover.TryProve(proof, text, row.Hash, out Task<SecretVerdict>? proving))
            {
                return new VerificationResult.Unavailable(gate.RetryAfter);
            }

            switch (await proving.WaitAsync(cancellationToken).ConfigureAwait(false))
            {
                case SecretVerdict.Unusable:
                    return new VerificationResult.Refused(RefusalReason.UnusableHash, row.Id);
                case SecretVerdict.Differs:
                    return Unrecognized;
                default:
                    // Hashing took its time, and waiting for it more: judge the row as it is now.
                    string matched = row.Hash;
                    row = await FindAsync(realm, id, cancellationToken).ConfigureAwait(false);
                    if (row is not null && string.Equals(row.Hash, matched, StringComparison.Ordinal))
                    {
                        return (VerificationResult?)RefusalOf(row) ?? Accept(row);
                    }

                    break;
            }
        }

        return new VerificationResult.Unavailable(gate.RetryAfter);
    }

    private async ValueTask<StoredToken?> FindAsync(Realm realm, Guid id, CancellationToken cancellationToken)
    {
        StoredToken? row = await store.FindAsync(id, cancellationToken).ConfigureAwait(false);
        return string.Equals(row?.Realm, realm.Name, StringComparison.Ordinal) ? row : null;
    }

    // The tag is of the secret alone. Whoever has the secret of one token could hang it behind any prefix of the realm, so that each try
    // costs a hash that fails: the prefix belongs to the proof, and the hint tells it.
    private static bool HasTag(StoredToken row, string text)
    {
        Span<byte> secret = stackalloc byte[TokenText.SecretBytes];
        Span<byte> tag = stackalloc byte[SecretTag.Length];
        try
        {
            TokenText.TryReadSecret(text, secret);
            SecretTag.Compute(secret, tag);
            return CryptographicOperations.FixedTimeEquals(tag, row.Tag) & TokenText.HasHint(text, row.Hint);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(tag);
        }
    }

    private VerificationResult.Refused? RefusalOf(StoredToken row) =>
        TokenStatusRule.Of(row.RevokedAt, row.ExpiresAt, row.SuspendedAt, time.GetUtcNow()) switch
        {
            TokenStatus.Revoked => new(RefusalReason.Revoked, row.Id),
            TokenStatus.Expired => new(RefusalReason.Expired, row.Id),
            TokenStatus.Suspended => new(RefusalReason.Suspended, row.Id),
            _ => null,
        };

    private VerificationResult.Valid Accept(StoredToken row)
    {
        lastUsed.Record(row.Id, time.GetUtcNow());
        return new VerificationResult.Valid(ApiToken.From(row));
    }

    private void Report(Realm realm, VerificationResult result, long startedAt)
    {
        metrics.Verified(realm.Name, result, startedAt, time);
        switch (result)
        {
            case VerificationResult.Refused { Reason: RefusalReason.UnusableHash, TokenId: { } id }:
                Log.UnusableHash(logger, id);
                break;
            case VerificationResult.Refused { TokenId: { } id } refused:
                Log.RefusedWithPossession(logger, id, realm.Name, refused.Reason);
                break;
            case VerificationResult.Refused refused:
                Log.Refused(logger, realm.Name, refused.Reason);
                break;
        }
    }
}
