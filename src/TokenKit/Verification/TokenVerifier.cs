using System.Diagnostics;
using System.Runtime.InteropServices;
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
        VerificationResult? result = Malformed;
        Judgement? known = null;
        if (PresentedToken.TryRead(realm, text, out PresentedToken presented))
        {
            known = JudgeKnownRow(realm, presented);
            result = known?.Result;
        }

        if (result is null)
        {
            return VerifyStoredAsync(realm, presented, known, startedAt, cancellationToken);
        }

        Report(realm, result, startedAt);
        return new(result);
    }

    private async ValueTask<VerificationResult> VerifyStoredAsync(
        Realm realm, PresentedToken presented, Judgement? known, long? startedAt, CancellationToken cancellationToken)
    {
        VerificationResult? result = null;
        try
        {
            Judgement judgement = known
                ?? Judge(realm, await rows.ReadAsync(presented.Id, realm.MaximumRevocationDelay, cancellationToken).ConfigureAwait(false), presented);
            for (int attempt = 0; judgement.Result is null && attempt < MostAttempts; attempt++)
            {
                judgement = await ProveAsync(realm, presented, judgement, cancellationToken).ConfigureAwait(false);
            }

            result = judgement.Result;
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

    // Needs neither a read nor a hash, and allocates nothing. Null when the row is not known here.
    private Judgement? JudgeKnownRow(Realm realm, in PresentedToken presented)
    {
        if (realm.MaximumRevocationDelay == TimeSpan.Zero)
        {
            return null;
        }

        var now = Moment.Now(time);
        return rows.Find(presented.Id, realm.MaximumRevocationDelay, now) is { } snapshot ? Judge(realm, snapshot, presented, now.UtcNow) : null;
    }

    private Judgement Judge(Realm realm, RowSnapshot? snapshot, in PresentedToken presented) =>
        snapshot is null ? Judgement.Decided(Unavailable) : Judge(realm, snapshot, presented, time.GetUtcNow());

    /// <summary>Judges possession and, once it is shown, the state of the row.</summary>
    private Judgement Judge(Realm realm, RowSnapshot snapshot, in PresentedToken presented, DateTimeOffset now)
    {
        StoredToken? row = snapshot.RowIn(realm);
        ProofKey proof = proofKeys.Create(row is null ? _decoyProofPart : snapshot.ProofPart, presented.Text.Span);
        Possession possession = PossessionOf(proof, row ?? possessions.Decoy, presented.Text.Span);
        if (possession == Possession.Disproved || row is null)
        {
            return Judgement.Decided(Unrecognized);
        }

        // Where only the hash can tell possession, the state of the token is told after it.
        if (possession != Possession.Unproven && RefusalOf(row, now) is { } refusal)
        {
            return Judgement.Decided(refusal);
        }

        return possession == Possession.Proven
            ? Judgement.Decided(Accept(snapshot, presented, now))
            : Judgement.NeedsHash(snapshot, proof, possession);
    }

    /// <summary>Compares the hash. Where the row was replaced meanwhile, the new one is judged.</summary>
    private async ValueTask<Judgement> ProveAsync(Realm realm, PresentedToken presented, Judgement judgement, CancellationToken cancellationToken)
    {
        RowSnapshot snapshot = judgement.Snapshot!;
        StoredToken judged = snapshot.Row!;
        if (!prover.TryProve(judgement.Proof, judged, presented.Text.ToString(), judgement.Possession, out Task<SecretVerdict>? proving))
        {
            return Judgement.Decided(Unavailable);
        }

        SecretVerdict verdict = await proving.WaitAsync(cancellationToken).ConfigureAwait(false);
        switch (verdict)
        {
            case SecretVerdict.Unusable when judgement.Possession != Possession.Unproven:
                return Judgement.Decided(new VerificationResult.Refused(RefusalReason.UnusableHash, judged.Id));
            case SecretVerdict.Unusable or SecretVerdict.Differs:
                return Judgement.Decided(Unrecognized);
        }

        // Hashing took its time, and waiting for it more: judge the row as it is now.
        RowSnapshot? current = rows.IsUsable(snapshot, realm.MaximumRevocationDelay, Moment.Now(time))
            ? snapshot
            : await rows.ReadAsync(judged.Id, realm.MaximumRevocationDelay, cancellationToken).ConfigureAwait(false);
        if (current?.RowIn(realm) is not { } row || !string.Equals(row.Secret.Hash, judged.Secret.Hash, StringComparison.Ordinal))
        {
            return Judge(realm, current, presented);
        }

        DateTimeOffset now = time.GetUtcNow();
        bool isOutdated = verdict == SecretVerdict.MatchesOutdated;
        return Judgement.Decided((VerificationResult?)RefusalOf(row, now) ?? Accept(current, presented, now, isOutdated));
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

    /// <summary>What looking at a row came to: a result, or the question that only the hash can answer.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Judgement(VerificationResult? Result, RowSnapshot? Snapshot, ProofKey Proof, Possession Possession)
    {
        public static Judgement Decided(VerificationResult result) => new(result, null, default, default);

        public static Judgement NeedsHash(RowSnapshot snapshot, ProofKey proof, Possession possession) => new(null, snapshot, proof, possession);
    }
}
