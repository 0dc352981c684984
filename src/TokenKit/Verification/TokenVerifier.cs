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
    TokenRows rows,
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

    private static readonly byte[] DecoyProofPart = ProofKeyFactory.PartOf(Decoy);

    public ValueTask<VerificationResult> VerifyAsync(string realmName, string text, CancellationToken cancellationToken)
    {
        Realm realm = realms.Get(realmName);
        long? startedAt = metrics.TimesVerifications ? time.GetTimestamp() : null;
        if (DecideAtOnce(realm, text, out Guid id, out RowReading? reading) is not { } result)
        {
            return VerifyStoredAsync(realm, id, text, reading, startedAt, cancellationToken);
        }

        Report(realm, result, startedAt);
        return new(result);
    }

    private async ValueTask<VerificationResult> VerifyStoredAsync(
        Realm realm, Guid id, string text, RowReading? known, long? startedAt, CancellationToken cancellationToken)
    {
        VerificationResult result;
        try
        {
            result = await DecideAsync(realm, id, text, known, cancellationToken).ConfigureAwait(false);
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

    // What neither a read nor a hash is needed for; it allocates nothing.
    private VerificationResult? DecideAtOnce(Realm realm, string text, out Guid id, out RowReading? known)
    {
        known = null;
        if (!TokenText.TryParse(text, out ReadOnlySpan<char> prefix, out id) || !realm.Accepts(prefix))
        {
            return Malformed;
        }

        if (realm.MaximumRevocationDelay == TimeSpan.Zero)
        {
            return null;
        }

        var now = Moment.Now(time);
        known = rows.Find(id, realm.MaximumRevocationDelay, now);
        return known is null ? null : Judge(realm, known, text, now.UtcNow, out _);
    }

    private async ValueTask<VerificationResult> DecideAsync(Realm realm, Guid id, string text, RowReading? known, CancellationToken cancellationToken)
    {
        RowReading? reading = known ?? await rows.ReadAsync(id, realm.MaximumRevocationDelay, cancellationToken).ConfigureAwait(false);
        for (int attempt = 0; attempt < MostAttempts && reading is not null; attempt++)
        {
            if (Judge(realm, reading, text, time.GetUtcNow(), out ProofKey proof) is { } result)
            {
                return result;
            }

            string hash = reading.Row!.Hash;
            if (!prover.TryProve(proof, text, hash, out Task<SecretVerdict>? proving))
            {
                break;
            }

            switch (await proving.WaitAsync(cancellationToken).ConfigureAwait(false))
            {
                case SecretVerdict.Unusable:
                    return new VerificationResult.Refused(RefusalReason.UnusableHash, id);
                case SecretVerdict.Differs:
                    return Unrecognized;
                default:
                    // Hashing took its time, and waiting for it more: judge the row as it is now.
                    if (!rows.IsUsable(reading, realm.MaximumRevocationDelay, Moment.Now(time)))
                    {
                        reading = await rows.ReadAsync(id, realm.MaximumRevocationDelay, cancellationToken).ConfigureAwait(false);
                    }

                    if (reading?.RowIn(realm) is { } row && string.Equals(row.Hash, hash, StringComparison.Ordinal))
                    {
                        DateTimeOffset now = time.GetUtcNow();
                        return (VerificationResult?)RefusalOf(row, now) ?? Accept(reading, now);
                    }

                    break;
            }
        }

        return new VerificationResult.Unavailable(gate.RetryAfter);
    }

    // Null when only a hash can tell.
    private VerificationResult? Judge(Realm realm, RowReading reading, string text, DateTimeOffset now, out ProofKey proof)
    {
        StoredToken? row = reading.RowIn(realm);
        proof = proofKeys.Create(row is null ? DecoyProofPart : reading.ProofPart, text);
        bool proved = proofs.Knows(proof);
        if (!(proved || HasTag(row ?? Decoy, text)) || row is null)
        {
            return Unrecognized;
        }

        if (RefusalOf(row, now) is { } refusal)
        {
            return refusal;
        }

        if (!proved)
        {
            return null;
        }

        metrics.ProofHit();
        return Accept(reading, now);
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

    private static VerificationResult.Refused? RefusalOf(StoredToken row, DateTimeOffset now) =>
        TokenStatusRule.Of(row.RevokedAt, row.ExpiresAt, row.SuspendedAt, now) switch
        {
            TokenStatus.Revoked => new(RefusalReason.Revoked, row.Id),
            TokenStatus.Expired => new(RefusalReason.Expired, row.Id),
            TokenStatus.Suspended => new(RefusalReason.Suspended, row.Id),
            _ => null,
        };

    private VerificationResult.Valid Accept(RowReading reading, DateTimeOffset now)
    {
        lastUsed.Record(reading.Id, now);
        return reading.Valid;
    }

    private void Report(Realm realm, VerificationResult result, long? startedAt)
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
