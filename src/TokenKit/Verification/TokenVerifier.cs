using System.Diagnostics;
using Microsoft.Extensions.Logging;
using TokenKit.Diagnostics;
using TokenKit.Hashing;
using TokenKit.Policy;
using TokenKit.Rehashing;
using TokenKit.Stores;
using TokenKit.Usage;

namespace TokenKit.Verification;

/// <summary>Verifies texts by six checks, in this order. Until possession is proved nothing names the token.</summary>
/// <remarks>
/// <list type="number">
/// <item>Form and checksum: <see cref="PresentedToken"/>.</item>
/// <item>The row: <see cref="TokenRows"/>.</item>
/// <item>Possession, by a remembered proof, the keyed verifier or the tag: <see cref="PossessionCheck"/>.</item>
/// <item>The state of the row: <see cref="TokenStatusRule"/>.</item>
/// <item>The hash, where neither proof nor verifier has told: <see cref="SecretProver"/>.</item>
/// <item>The state again, as it is after the hash.</item>
/// </list>
/// </remarks>
internal sealed class TokenVerifier(
    RealmDirectory realms,
    TokenRows rows,
    PossessionCheck possessions,
    SecretProver prover,
    ProofCache proofs,
    ProofKeyFactory proofKeys,
    LastUsedTracker lastUsed,
    Rehasher rehasher,
    HashingGate gate,
    TimeProvider time,
    Metrics metrics,
    ILogger<ApiTokens> logger)
{
    // A hash may be replaced while it is being compared, but not again and again.
    private const int MostAttempts = 3;

    private static readonly VerificationResult Malformed = new VerificationResult.Refused(RefusalReason.Malformed);
    private static readonly VerificationResult Foreign = new VerificationResult.Refused(RefusalReason.Foreign);
    private static readonly VerificationResult Unrecognized = new VerificationResult.Refused(RefusalReason.Unrecognized);

    private readonly byte[] _decoyProofPart = ProofKeyFactory.PartOf(possessions.Decoy);

    private VerificationResult Unavailable => new VerificationResult.Unavailable(gate.RetryAfter);

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
        HashQuestion? question = null;
        VerificationResult? result = PresentedToken.TryRead(realm, text, out PresentedToken presented) ? JudgeKnownRow(realm, presented, out question)
            : realm.IsMeantBy(text.Span) ? Malformed
            : Foreign;

        if (result is null)
        {
            return VerifyStoredAsync(realm, presented, question, startedAt, cancellationToken);
        }

        Report(realm, result, startedAt);
        return new(result);
    }

    // Without a question the row is not known yet, and is read first.
    private async ValueTask<VerificationResult> VerifyStoredAsync(
        Realm realm, PresentedToken presented, HashQuestion? question, long? startedAt, CancellationToken cancellationToken)
    {
        VerificationResult? result = null;
        try
        {
            if (question is null)
            {
                RowSnapshot snapshot = await rows.ReadAsync(presented.Id, realm.MaximumRevocationDelay, cancellationToken).ConfigureAwait(false);
                result = Judge(realm, snapshot, presented, time.GetUtcNow(), out question);
            }

            for (int attempt = 0; question is not null && attempt < MostAttempts; attempt++)
            {
                (result, question) = await ProveAsync(realm, presented, question, cancellationToken).ConfigureAwait(false);
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

        result ??= Unavailable;
        Report(realm, result, startedAt);
        return result;
    }

    // Reads nothing, and allocates nothing unless the hash must decide. Neither a result nor a question when the row is not known here.
    private VerificationResult? JudgeKnownRow(Realm realm, in PresentedToken presented, out HashQuestion? question)
    {
        question = null;
        if (realm.MaximumRevocationDelay == TimeSpan.Zero)
        {
            return null;
        }

        var now = Moment.Now(time);
        return rows.Find(presented.Id, realm.MaximumRevocationDelay, now) is { } snapshot
            ? Judge(realm, snapshot, presented, now.UtcNow, out question)
            : null;
    }

    /// <summary>Judges possession and, once it is shown, the state of the row. Either a result or a question comes of it.</summary>
    private VerificationResult? Judge(
        Realm realm, RowSnapshot snapshot, in PresentedToken presented, DateTimeOffset now, out HashQuestion? question)
    {
        question = null;
        StoredToken? row = snapshot.RowIn(realm);
        ProofKey proof = proofKeys.Create(row is null ? _decoyProofPart : snapshot.ProofPart, presented.Text.Span);
        Possession possession = PossessionOf(proof, row ?? possessions.Decoy, presented.Text.Span);
        if (possession == Possession.Disproved || row is null)
        {
            return Unrecognized;
        }

        // Where only the hash can tell possession, the state of the token is told after it.
        if (possession != Possession.Unproven && RefusalOf(row, now) is { } refusal)
        {
            return refusal;
        }

        if (possession == Possession.Proven)
        {
            return Accept(snapshot, presented, now);
        }

        question = new HashQuestion(snapshot, proof, possession);
        return null;
    }

    /// <summary>Compares the hash. Where the row was replaced meanwhile, the new one is judged, and may leave a question in turn.</summary>
    private async ValueTask<(VerificationResult? Result, HashQuestion? Question)> ProveAsync(
        Realm realm, PresentedToken presented, HashQuestion question, CancellationToken cancellationToken)
    {
        RowSnapshot snapshot = question.Snapshot;
        StoredToken judged = snapshot.Row!;
        if (!prover.TryProve(question.Proof, judged, presented.Text.ToString(), question.Possession, out Task<SecretVerdict>? proving))
        {
            return (Unavailable, null);
        }

        SecretVerdict verdict = await proving.WaitAsync(cancellationToken).ConfigureAwait(false);
        switch (verdict)
        {
            case SecretVerdict.Unusable when question.Possession != Possession.Unproven:
                return (new VerificationResult.Refused(RefusalReason.UnusableHash, judged.Id), null);
            case SecretVerdict.Unusable or SecretVerdict.Differs:
                return (Unrecognized, null);
        }

        // Hashing took its time, and waiting for it more: judge the row as it is now.
        RowSnapshot current = rows.IsUsable(snapshot, realm.MaximumRevocationDelay, Moment.Now(time))
            ? snapshot
            : await rows.ReadAsync(judged.Id, realm.MaximumRevocationDelay, cancellationToken).ConfigureAwait(false);
        if (current.RowIn(realm) is not { } row || !string.Equals(row.Secret.Hash, judged.Secret.Hash, StringComparison.Ordinal))
        {
            VerificationResult? result = Judge(realm, current, presented, time.GetUtcNow(), out HashQuestion? next);
            return (result, next);
        }

        DateTimeOffset now = time.GetUtcNow();
        bool isOutdated = verdict == SecretVerdict.MatchesOutdated;
        return ((VerificationResult?)RefusalOf(row, now) ?? Accept(current, presented, now, isOutdated), null);
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

    private VerificationResult.Valid Accept(RowSnapshot snapshot, in PresentedToken presented, DateTimeOffset now, bool isOutdated = false)
    {
        if (isOutdated || !snapshot.IsUpToDate)
        {
            snapshot.IsUpToDate = !rehasher.Offer(snapshot.Row!, presented.Text.Span, isOutdated);
        }

        lastUsed.Record(snapshot.Id, now);
        return snapshot.Valid;
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

    /// <summary>What only the hash can answer. Argon2 follows, so that what this allocates does not matter.</summary>
    private sealed record HashQuestion(RowSnapshot Snapshot, ProofKey Proof, Possession Possession);
}
