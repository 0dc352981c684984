using System.Diagnostics;
using System.Diagnostics.Metrics;
using TokenKit.Hashing;

namespace TokenKit.Diagnostics;

/// <summary>The meter "TokenKit". Names and units are documented in <c>docs/observability.md</c>.</summary>
internal sealed class Metrics : IDisposable
{
    public const string MeterName = "TokenKit";

    private readonly Meter _meter;
    private readonly Counter<long> _verifications;
    private readonly Histogram<double> _verificationDuration;
    private readonly Counter<long> _hashRuns;
    private readonly Histogram<double> _hashDuration;
    private readonly Counter<long> _hashesTurnedAway;
    private readonly UpDownCounter<long> _hashesWaiting;
    private readonly Counter<long> _proofHits;
    private readonly Counter<long> _rowHits;
    private readonly Counter<long> _verifierHits;
    private readonly Counter<long> _keysGone;
    private readonly Counter<long> _rehashes;
    private readonly Counter<long> _droppedRehashes;
    private readonly Counter<long> _unreadableCopies;
    private readonly Counter<long> _droppedUses;
    private long _largestAge;

    // A host has a factory, so that tests can tell its meters from another host's; a bare service collection has none.
    public Metrics(IMeterFactory? meters)
    {
        _meter = meters?.Create(MeterName) ?? new Meter(MeterName);
        _verifications = _meter.CreateCounter<long>("tokenkit.verifications", "{verification}", "Verified texts, by outcome and reason.");
        _verificationDuration = _meter.CreateHistogram<double>("tokenkit.verification.duration", "s", "Time to verify a text, by outcome.");
        _hashRuns = _meter.CreateCounter<long>("tokenkit.hash.runs", "{run}", "Hashes computed, by purpose.");
        _hashDuration = _meter.CreateHistogram<double>("tokenkit.hash.duration", "s", "Time to compute a hash, without waiting.");
        _hashesTurnedAway = _meter.CreateCounter<long>("tokenkit.hash.turned_away", "{request}", "Hashes that were not computed because too many waited.");
        _hashesWaiting = _meter.CreateUpDownCounter<long>("tokenkit.hash.waiting", "{request}", "Callers that wait for their turn to have a hash computed.");
        _proofHits = _meter.CreateCounter<long>("tokenkit.proof_cache.hits", "{hit}", "Verifications that a remembered proof spared a hash.");
        _rowHits = _meter.CreateCounter<long>("tokenkit.row_cache.hits", "{hit}", "Verifications that a kept row spared a read.");
        _meter.CreateObservableGauge(
            "tokenkit.row_cache.largest_age",
            () => TimeSpan.FromTicks(Volatile.Read(ref _largestAge)).TotalSeconds,
            "s",
            "The largest age, since the start, of a row that was used again.");
        _verifierHits = _meter.CreateCounter<long>("tokenkit.key_ring.hits", "{hit}", "Verifications that a keyed verifier spared a hash.");
        _keysGone = _meter.CreateCounter<long>("tokenkit.key_ring.key_gone", "{row}", "Rows that were met bound to a key that is not in the ring.");
        _rehashes = _meter.CreateCounter<long>("tokenkit.rehash.done", "{row}", "Rows that were renewed, off the request path.");
        _droppedRehashes = _meter.CreateCounter<long>("tokenkit.rehash.dropped", "{row}", "Rows that were not renewed because too many waited or the store failed.");
        _unreadableCopies = _meter.CreateCounter<long>("tokenkit.recovery.unreadable", "{copy}", "Recoverable copies that could not be read.");
        _droppedUses = _meter.CreateCounter<long>("tokenkit.last_used.dropped", "{use}", "Uses that were not written down.");
    }

    /// <summary>Whether anybody wants to know how long verifications take.</summary>
    public bool TimesVerifications => _verificationDuration.Enabled;

    public void Verified(string realm, VerificationResult result, long? startedAt, TimeProvider time)
    {
        if (startedAt is null && !_verifications.Enabled)
        {
            return;
        }

        var tags = new TagList { { TagNames.Realm, realm }, { TagNames.Outcome, TagNames.For(result) } };
        if (startedAt is { } started)
        {
            _verificationDuration.Record(time.GetElapsedTime(started).TotalSeconds, tags);
        }

        if (result is VerificationResult.Refused refused)
        {
            tags.Add(TagNames.Reason, TagNames.For(refused.Reason));
        }

        _verifications.Add(1, tags);
    }

    public void Hashed(HashPurpose purpose, TimeSpan duration)
    {
        _hashRuns.Add(1, new KeyValuePair<string, object?>(TagNames.Purpose, TagNames.For(purpose)));
        _hashDuration.Record(duration.TotalSeconds);
    }

    public void Rehashed() => _rehashes.Add(1);

    public void RehashDropped() => _droppedRehashes.Add(1);

    public void HashTurnedAway() => _hashesTurnedAway.Add(1);

    public void HashWaits(int change) => _hashesWaiting.Add(change);

    public void ProofHit() => _proofHits.Add(1);

    public void RowHit() => _rowHits.Add(1);

    /// <summary>A row was used that had been read before, so long ago.</summary>
    public void RowServed(TimeSpan age)
    {
        long known = Volatile.Read(ref _largestAge);
        while (known < age.Ticks)
        {
            long found = Interlocked.CompareExchange(ref _largestAge, age.Ticks, known);
            known = found == known ? age.Ticks : found;
        }
    }

    public void VerifierHit() => _verifierHits.Add(1);

    public void KeyGone() => _keysGone.Add(1);

    public void CopyUnreadable(string realm) => _unreadableCopies.Add(1, new KeyValuePair<string, object?>(TagNames.Realm, realm));

    public void UsesDropped(int count) => _droppedUses.Add(count);

    public void Dispose() => _meter.Dispose();
}
