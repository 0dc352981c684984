using System.Collections.Concurrent;
using System.Diagnostics;

namespace TokenKit.Stores;

/// <summary>Keeps tokens in memory: for tests, tools, and hosts of a single process that may forget every token when they restart.</summary>
/// <remarks>
/// Finding takes no lock; everything else takes turns. A page costs what it passes over, wherever in the list it is; a cap and a revoke-all
/// walk the tokens of their subject, a purge walks all. Rows are copied on their way in and out, so that a caller may wipe what it holds.
/// </remarks>
public sealed class InMemoryTokenStore : ITokenStore
{
    private readonly Lock _turn = new();
    private readonly ConcurrentDictionary<Guid, StoredToken> _rows = new();
    private readonly InMemoryTokenIndex _index = new();
    private readonly Dictionary<string, Guid> _holderOfName = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, DateTimeOffset> _committed = [];
    private long _lastSequence;

    /// <inheritdoc/>
    public ValueTask<StoredToken?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<StoredToken?>(cancellationToken)
            : ValueTask.FromResult(_rows.TryGetValue(id, out StoredToken? row) ? Copy(row) : null);

    /// <inheritdoc/>
    public ValueTask<TokenPage> ListAsync(TokenQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return InTurn(() => List(query), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<long> CountAsync(string realm, SubjectFilter owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        return InTurn(() => Unrevoked(realm, owner).LongCount(), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<CommitResult> CommitAsync(TokenChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        return InTurn(() => Commit(change), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<int> CommitBatchAsync(TokenBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return InTurn(
            () => batch switch
            {
                TokenBatch.Touch touch => touch.Uses.Count(Touch),
                TokenBatch.Purge purge => Purge(purge),
                TokenBatch.EraseCopies erase => erase.Ids.Count(EraseCopy),
                _ => throw new UnreachableException(),
            },
            cancellationToken);
    }

    private ValueTask<T> InTurn<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<T>(cancellationToken);
        }

        lock (_turn)
        {
            return ValueTask.FromResult(work());
        }
    }

    private TokenPage List(TokenQuery query)
    {
        List<StoredToken> rows =
        [
            .. _index.Walk(query.Realm, query.Subject, query.Order, query.After)
                .Select(id => _rows[id])
                .Where(row => (query.IncludeRevoked || row.RevokedAt is null)
                    && (query.Kind is null || string.Equals(query.Kind, row.Kind, StringComparison.Ordinal)))
                .Take(query.Limit + 1)
                .Select(Copy),
        ];
        bool hasMore = rows.Count > query.Limit;
        return new TokenPage(hasMore ? rows[..query.Limit] : rows, hasMore);
    }

    private CommitResult Commit(TokenChange change)
    {
        if (change.ChangeId is { } known && _committed.ContainsKey(known))
        {
            return CommitResult.Repeated(change, change.Target is { } id && _rows.TryGetValue(id, out StoredToken? row) ? Copy(row) : null);
        }

        TokenDecision decision = change.Decide(Read(change));
        if (decision.Result.Outcome != CommitOutcome.Done)
        {
            return decision.Result.Outcome == CommitOutcome.CapReached && change is TokenChange.Issue issue && IsNameTaken(issue.Token)
                ? new CommitResult(CommitOutcome.NameTaken)
                : decision.Result;
        }

        CommitResult result = Write(decision);
        if (result.Outcome == CommitOutcome.Done && change.ChangeId is { } changeId)
        {
            _committed.Add(changeId, change.Now);
        }

        return result;
    }

    // One change at a time is as good as a lock on each row.
    private LockedTokens Read(TokenChange change)
    {
        IEnumerable<Guid> ids = change is TokenChange.RevokeAll all
            ? change.Ids.Union(Unrevoked(all.Realm, all.Owner).Take(all.Most ?? int.MaxValue))
            : change.Ids;
        StoredToken[] rows = [.. ids.Select(id => _rows.GetValueOrDefault(id)).OfType<StoredToken>()];
        return new LockedTokens(rows, change.Limit is { } limit ? CountLiving(change.Realm, limit, change.Now) : null);
    }

    private CommitResult Write(TokenDecision decision)
    {
        if (decision.Removed is { } removed)
        {
            Remove(_rows[removed]);
        }

        StoredToken? added = decision.Added is null ? null : Copy(decision.Added) with { Sequence = _lastSequence + 1 };
        StoredToken[] changed = [.. decision.Changed.Select(Copy)];
        if (added is not null && _rows.ContainsKey(added.Id))
        {
            return new CommitResult(CommitOutcome.Duplicate);
        }

        if (changed.Prepend(added).OfType<StoredToken>().Any(IsNameTaken))
        {
            return new CommitResult(CommitOutcome.NameTaken);
        }

        if (added is not null)
        {
            _lastSequence = added.Sequence;
            _index.Add(added);
            Write(former: null, added);
        }

        foreach (StoredToken row in changed)
        {
            StoredToken former = _rows[row.Id];
            Write(former, row with { LastUsedAt = former.LastUsedAt });
        }

        return decision.Result with { Token = added is null ? decision.Result.Token : Copy(added) };
    }

    private bool Touch(TokenUse use)
    {
        if (!_rows.TryGetValue(use.Id, out StoredToken? row) || row.LastUsedAt >= use.UsedAt)
        {
            return false;
        }

        Write(row, (row with { LastUsedAt = use.UsedAt }).InWholeMicroseconds());
        return true;
    }

    private bool EraseCopy(Guid id)
    {
        if (!_rows.TryGetValue(id, out StoredToken? row) || row.Secret.RecoverableCopy is null)
        {
            return false;
        }

        Write(row, row with { Secret = row.Secret with { RecoverableCopy = null } });
        return true;
    }

    private int Purge(TokenBatch.Purge batch)
    {
        StoredToken[] ended =
        [
            .. _rows.Values
                .Where(row => row.RevokedAt < batch.EndedBefore || row.ExpiresAt < batch.EndedBefore)
                .Take(batch.Limit),
        ];
        Array.ForEach(ended, Remove);
        foreach ((Guid changeId, DateTimeOffset committedAt) in _committed)
        {
            if (committedAt < batch.ChangesBefore)
            {
                _committed.Remove(changeId);
            }
        }

        return ended.Length;
    }

    private bool IsNameTaken(StoredToken row) =>
        row.NameKey is not null && _holderOfName.TryGetValue(NameOf(row.NameKey), out Guid holder) && holder != row.Id;

    private long CountLiving(string realm, TokenLimit limit, DateTimeOffset now) =>
        Unrevoked(realm, SubjectFilter.For(limit.Subject))
            .Select(id => _rows[id])
            .Count(row => string.Equals(row.Kind, limit.Kind, StringComparison.Ordinal) && !(row.ExpiresAt <= now));

    private IEnumerable<Guid> Unrevoked(string realm, SubjectFilter owner) =>
        _index.Walk(realm, owner, TokenOrder.NewestFirst, after: null).Where(id => _rows[id].RevokedAt is null);

    private void Write(StoredToken? former, StoredToken row)
    {
        ReleaseName(former);
        if (row.NameKey is not null)
        {
            _holderOfName.Add(NameOf(row.NameKey), row.Id);
        }

        _rows[row.Id] = row;
    }

    private void Remove(StoredToken row)
    {
        ReleaseName(row);
        _index.Remove(row);
        _rows.TryRemove(row.Id, out _);
    }

    private void ReleaseName(StoredToken? row)
    {
        if (row?.NameKey is not null)
        {
            _holderOfName.Remove(NameOf(row.NameKey));
        }
    }

    private static string NameOf(byte[] nameKey) => Convert.ToHexString(nameKey);

    private static StoredToken Copy(StoredToken row) => row with { NameKey = row.NameKey?.ToArray(), Secret = Copy(row.Secret) };

    private static StoredSecret Copy(StoredSecret secret) => secret with
    {
        Tag = secret.Tag?.ToArray(),
        Verifier = secret.Verifier?.ToArray(),
        RecoverableCopy = secret.RecoverableCopy?.ToArray(),
    };
}
