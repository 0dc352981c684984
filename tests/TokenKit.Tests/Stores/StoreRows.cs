using System.Collections.Concurrent;
using TokenKit.StoreConformance;
using TokenKit.Stores;

namespace TokenKit.Tests.Stores;

/// <summary>What <see cref="AlteredStore"/> keeps, and the single operations that a store makes its steps of. It locks nothing.</summary>
internal sealed class StoreRows
{
    private readonly ConcurrentDictionary<Guid, StoredToken> _rows = new();
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _changes = new();
    private long _lastSequence;

    public IReadOnlyCollection<StoredToken> All => (IReadOnlyCollection<StoredToken>)_rows.Values;

    public StoredToken? Find(Guid id) => _rows.GetValueOrDefault(id);

    public void Put(StoredToken row) => _rows[row.Id] = row;

    public void Remove(Guid id) => _rows.TryRemove(id, out _);

    public long NextSequence() => Interlocked.Increment(ref _lastSequence);

    public bool IsRemembered(TokenChange change) => change.ChangeId is { } id && _changes.ContainsKey(id);

    public void Remember(TokenChange change)
    {
        if (change.ChangeId is { } id)
        {
            _changes[id] = change.Now;
        }
    }

    /// <summary>Forgets the changes that are older than an instant.</summary>
    public void Forget(DateTimeOffset before)
    {
        foreach ((Guid id, DateTimeOffset now) in _changes)
        {
            if (now < before)
            {
                _changes.TryRemove(id, out _);
            }
        }
    }

    public TokenPage List(TokenQuery query)
    {
        StoredToken[] rows =
        [
            .. InOrder(_rows.Values.Where(row => row.Realm == query.Realm && query.Subject.Matches(row.Subject)), query.Order)
                .Where(row => (query.IncludeRevoked || row.RevokedAt is null) && (query.Kind is null || row.Kind == query.Kind))
                .Where(row => query.After is not { } after || IsBehind(row, after, query.Order))
                .Take(query.Limit + 1),
        ];
        return new TokenPage([.. rows.Take(query.Limit)], rows.Length > query.Limit);
    }

    /// <summary>The rows of an owner that are not revoked, the newest first.</summary>
    public IEnumerable<StoredToken> Unrevoked(string realm, SubjectFilter owner) => InOrder(
        _rows.Values.Where(row => row.Realm == realm && owner.Matches(row.Subject) && row.RevokedAt is null),
        TokenOrder.NewestFirst);

    /// <summary>The rows that a change locks, and the count of its limit.</summary>
    public LockedTokens Read(TokenChange change)
    {
        IEnumerable<StoredToken> rows = change.Ids.Select(Find).OfType<StoredToken>();
        if (change is TokenChange.RevokeAll all)
        {
            rows = rows.UnionBy(Unrevoked(all.Realm, all.Owner).Take(all.Most ?? int.MaxValue), row => row.Id);
        }

        return new LockedTokens([.. rows], CountLiving(change, row => !(row.ExpiresAt <= change.Now)));
    }

    /// <summary>How many unrevoked rows of the kind and subject that a change limits meet a condition; null for a change without a limit.</summary>
    public long? CountLiving(TokenChange change, Func<StoredToken, bool> isLiving) => change.Limit is { } limit
        ? Unrevoked(change.Realm, SubjectFilter.For(limit.Subject)).Where(row => row.Kind == limit.Kind).LongCount(isLiving)
        : null;

    public bool IsNameTaken(StoredToken row) =>
        row.NameKey is { } key && _rows.Values.Any(other => other.Id != row.Id && other.NameKey is { } taken && taken.AsSpan().SequenceEqual(key));

    public int Commit(TokenBatch batch, bool forgets = true) => batch switch
    {
        TokenBatch.Touch touch => touch.Uses.Count(Touch),
        TokenBatch.Purge purge => Purge(purge, forgets),
        TokenBatch.EraseCopies erase => erase.Ids.Count(EraseCopy),
        _ => throw new NotSupportedException(),
    };

    private bool Touch(TokenUse use)
    {
        if (Find(use.Id) is not { } row || row.LastUsedAt >= use.UsedAt)
        {
            return false;
        }

        Put(row with { LastUsedAt = use.UsedAt.ToUniversalTime() });
        return true;
    }

    private bool EraseCopy(Guid id)
    {
        if (Find(id) is not { Secret.RecoverableCopy: not null } row)
        {
            return false;
        }

        Put(row.WithSecret(secret => secret with { RecoverableCopy = null }));
        return true;
    }

    private int Purge(TokenBatch.Purge purge, bool forgets)
    {
        StoredToken[] ended = [.. _rows.Values.Where(row => row.RevokedAt < purge.EndedBefore || row.ExpiresAt < purge.EndedBefore).Take(purge.Limit)];
        foreach (StoredToken row in ended)
        {
            Remove(row.Id);
        }

        if (forgets)
        {
            Forget(purge.ChangesBefore);
        }

        return ended.Length;
    }

    private static IEnumerable<StoredToken> InOrder(IEnumerable<StoredToken> rows, TokenOrder order) => order == TokenOrder.Inserted
        ? rows.OrderBy(row => row.Sequence)
        : rows.OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id);

    private static bool IsBehind(StoredToken row, TokenPosition after, TokenOrder order) => order == TokenOrder.Inserted
        ? row.Sequence > after.Sequence
        : (row.CreatedAt, row.Id).CompareTo((after.CreatedAt, after.Id)) < 0;
}
