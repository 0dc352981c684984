using System.Diagnostics;
using Microsoft.Extensions.Logging;
using TokenKit.Diagnostics;
using TokenKit.Format;
using TokenKit.Hashing;
using TokenKit.Policy;
using TokenKit.Rehashing;
using TokenKit.Stores;
using TokenKit.Usage;

namespace TokenKit.Verification;

/// <summary>
/// Verifies texts, in this order: form and checksum; the row; possession, by a remembered proof, the keyed verifier or the tag; the row's
/// state; the hash, where neither proof nor verifier has told; the state again, as it is by then. Until possession is proved nothing names
/// the token.
/// </summary>
internal sealed class TokenVerifier(
    RealmDirectory realms,
    TokenRows rows,
    PossessionCheck possessions,
    SecretProver prover,
    ProofCache proofs,
    ProofKeyFactory proofKeys,
    LastUsedTracker lastUsed,
    Rehasher upgrader,
    HashingGate gate,
    TimeProvider time,
    Metrics metrics,
    ILogger<ApiTokens> logger)
{
    // A hash may be replaced while it is being compared, but not again and again.
    private const int MostAttempts = 3;

    private static readonly VerificationResult Malformed = new VerificationResult.Refused(RefusalReason.Malformed);
    private static readonly VerificationResult Unrecognized = new VerificationResult.Refused(RefusalReason.Unrecognized);

    private readonly byte[] _decoyProofPart = ProofKeyFactory.PartOf(possessions.Decoy);

    public ValueTask<VerificationResult> VerifyAsync(string realmName, ReadOnlyMemory<char> text, CancellationToken cancellationToken)
    {
        Realm realm = realms.Get(realmName);
        return Tracing.Source.HasListeners()
            ? VerifyTracedAsync(realm, text, cancellationToken)
            : VerifyAsync(realm, text, cancellationToken);
    }

    private async ValueTask<VerificationResult> VerifyTracedAsync(Realm realm, ReadOnlyMemory<char> text, CancellationToken cancellationToken)
    {
        using Activity? activity = Tracing.StartVerification();
        VerificationResult result = await VerifyAsync(realm, text, cancellationToken).ConfigureAwait(false);
        Tracing.EndVerification(activity, realm.Name, result);
        return result;
    }

    private ValueTask<VerificationResult> VerifyAsync(Realm realm, ReadOnlyMemory<char> text, CancellationToken cancellationToken)
    {
        long? startedAt = metrics.TimesVerifications ? time.GetTimestamp() : null;
        if (DecideAtOnce(realm, text.Span, out Guid id, out RowSnapshot? reading) is not { } result)
        {
            return VerifyStoredAsync(realm, id, text, reading, startedAt, cancellationToken);
        }

        Report(realm, result, startedAt);
        return new(result);
    }

    private async ValueTask<VerificationResult> VerifyStoredAsync(
        Realm realm, Guid id, ReadOnlyMemory<char> text, RowSnapshot? known, long? startedAt, CancellationToken cancellationToken)
    {
        VerificationResult? result = null;
        try
        {
            RowSnapshot? reading = known ?? await rows.ReadAsync(id, realm.MaximumRevocationDelay, cancellationToken).ConfigureAwait(false);
            for (int attempt = 0; result is null && reading is not null && attempt < MostAttempts; attempt++)
            {
                result = Judge(realm, reading, text.Span, time.GetUtcNow(), out ProofKey proof, out Possession possession);
                if (result is null)
                {
                    (result, reading) = await ProveAsync(realm, reading, text, proof, possession, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (TokenStoreException exception)
        {
            Log.StoreFailedVerifying(logger, exception);
        }
        catch (Exception exception) when (HashingGate.IsOutOfService(exception, cancellationToken))
        {
            Log.HashingFailed(logger, exception);
        }

        result ??= new VerificationResult.Unavailable(gate.RetryAfter);
        Report(realm, result, startedAt);
        return result;
    }

    // What neither a read nor a hash is needed for; it allocates nothing.
    private VerificationResult? DecideAtOnce(Realm realm, ReadOnlySpan<char> text, out Guid id, out RowSnapshot? known)
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
        return known is null ? null : Judge(realm, known, text, now.UtcNow, out _, out _);
    }

    // Has the hash tell. Without a result, the row that is to be judged anew; without that too, nobody can tell now.
    private async ValueTask<(VerificationResult? Result, RowSnapshot? Reading)> ProveAsync(
        Realm realm, RowSnapshot reading, ReadOnlyMemory<char> text, ProofKey proof, Possession possession, CancellationToken cancellationToken)
    {
        StoredToken judged = reading.Row!;
        if (!prover.TryProve(proof, judged, text.ToString(), possession, out Task<SecretVerdict>? proving))
        {
            return (null, null);
        }

        SecretVerdict verdict = await proving.WaitAsync(cancellationToken).ConfigureAwait(false);
        switch (verdict)
        {
            case SecretVerdict.Unusable when possession == Possession.Unproven:
                return (Unrecognized, null);
            case SecretVerdict.Unusable:
                return (new VerificationResult.Refused(RefusalReason.UnusableHash, reading.Id), null);
            case SecretVerdict.Differs:
                return (Unrecognized, null);
        }

        // Hashing took its time, and waiting for it more: judge the row as it is now.
        RowSnapshot? current = rows.IsUsable(reading, realm.MaximumRevocationDelay, Moment.Now(time))
            ? reading
            : await rows.ReadAsync(reading.Id, realm.MaximumRevocationDelay, cancellationToken).ConfigureAwait(false);
        if (current?.RowIn(realm) is not { } row || !string.Equals(row.Hash, judged.Hash, StringComparison.Ordinal))
        {
            return (null, current);
        }

        DateTimeOffset now = time.GetUtcNow();
        bool isOutdated = verdict == SecretVerdict.MatchesOutdated;
        return ((VerificationResult?)RefusalOf(row, now) ?? Accept(current, text.Span, now, isOutdated), null);
    }

    // Null when only a hash can tell.
    private VerificationResult? Judge(
        Realm realm, RowSnapshot reading, ReadOnlySpan<char> text, DateTimeOffset now, out ProofKey proof, out Possession possession)
    {
        StoredToken? row = reading.RowIn(realm);
        proof = proofKeys.Create(row is null ? _decoyProofPart : reading.ProofPart, text);
        possession = PossessionOf(proof, row ?? possessions.Decoy, text);
        if (possession == Possession.Disproved || row is null)
        {
            return Unrecognized;
        }

        // Where only the hash can tell possession, the state of the token is told after it.
        if (possession != Possession.Unproven && RefusalOf(row, now) is { } refusal)
        {
            return refusal;
        }

        return possession == Possession.Proven ? Accept(reading, text, now) : null;
    }

    private Possession PossessionOf(in ProofKey proof, StoredToken row, ReadOnlySpan<char> text)
    {
        if (proofs.Knows(proof))
        {
            metrics.ProofHit();
            return Possession.Proven;
        }

        Possession possession = possessions.Check(row, text);
        if (possession == Possession.Proven)
        {
            metrics.VerifierHit();
            proofs.Remember(proof);
        }

        return possession;
    }

    private static VerificationResult.Refused? RefusalOf(StoredToken row, DateTimeOffset now) =>
        TokenStatusRule.Decide(row.RevokedAt, row.ExpiresAt, row.SuspendedAt, now) switch
        {
            TokenStatus.Revoked => new(RefusalReason.Revoked, row.Id),
            TokenStatus.Expired => new(RefusalReason.Expired, row.Id),
            TokenStatus.Suspended => new(RefusalReason.Suspended, row.Id),
            _ => null,
        };

    private VerificationResult.Valid Accept(RowSnapshot reading, ReadOnlySpan<char> text, DateTimeOffset now, bool isOutdated = false)
    {
        if (isOutdated || !reading.IsUpToDate)
        {
            reading.IsUpToDate = !upgrader.Offer(reading.Row!, text, isOutdated);
        }

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
