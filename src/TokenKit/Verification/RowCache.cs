using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using TokenKit.Policy;

namespace TokenKit.Verification;

/// <summary>Keeps rows of tokens that are there for as long as a realm may use them. It answers for their age no more than for their state.</summary>
/// <remarks>
/// Bounded by two generations: when the young one has reached the capacity, or is older than any of its rows may become, it becomes the old
/// one and the old one is forgotten. A row stays where it is until it is read again; so what nobody uses is gone soon.
/// </remarks>
internal sealed class RowCache(IOptions<VerificationOptions> options, RealmDirectory realms, TimeProvider time)
{
    // Dictionaries that last for less would cost more than what they free.
    private static readonly TimeSpan ShortestGeneration = TimeSpan.FromSeconds(10);

    private readonly int _generationSize = options.Value.RowCacheCapacity;
    private readonly TimeSpan _generationTime = realms.All.Select(realm => realm.MaximumRevocationDelay).Append(ShortestGeneration).Max();
    private readonly Lock _turning = new();
    private volatile ConcurrentDictionary<Guid, RowSnapshot> _young = new();
    private volatile ConcurrentDictionary<Guid, RowSnapshot> _old = new();
    private long _turnedAt = time.GetTimestamp();
    private int _youngCount;

    /// <summary>How many rows are held, expired ones included.</summary>
    public int Count => _young.Count + _old.Count;

    /// <summary>What was read last for an id; null when nothing is known.</summary>
    public RowSnapshot? Find(Guid id) => _young.TryGetValue(id, out RowSnapshot? snapshot) || _old.TryGetValue(id, out snapshot) ? snapshot : null;

    /// <summary>Keeps what was read. An id without a row is not kept: anyone can make up as many as they like.</summary>
    public void Keep(RowSnapshot snapshot)
    {
        if (snapshot.Row is null)
        {
            return;
        }

        TurnIfOld();
        ConcurrentDictionary<Guid, RowSnapshot> young = _young;
        if (!young.TryAdd(snapshot.Id, snapshot))
        {
            young[snapshot.Id] = snapshot;
        }
        else if (Interlocked.Increment(ref _youngCount) >= _generationSize)
        {
            Turn(young);
        }
    }

    private void TurnIfOld()
    {
        if (time.GetElapsedTime(Volatile.Read(ref _turnedAt)) > _generationTime)
        {
            Turn(_young);
        }
    }

    private void Turn(ConcurrentDictionary<Guid, RowSnapshot> young)
    {
        lock (_turning)
        {
            // Another thread may have been first.
            if (_young == young)
            {
                _old = young;
                _young = new();
                Volatile.Write(ref _youngCount, 0);
                Volatile.Write(ref _turnedAt, time.GetTimestamp());
            }
        }
    }
}
