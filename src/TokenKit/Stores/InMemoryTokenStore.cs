using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using TokenKit.Policy;

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
                TokenBatch.RevokeWhere revoke => RevokeWhere(revoke),
                TokenBatch.Touch touch => touch.Uses.Count(Touch),
                TokenBatch.Purge purge => Purge(purge),
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
        if (_committed.ContainsKey(change.ChangeId))
        {
            return new CommitResult(CommitOutcome.Done, _rows.TryGetValue(change.Ids[0], out StoredToken? known) ? Copy(known) : null);
        }

        CommitResult result = change is TokenChange.Issue issue ? Issue(issue)
            : TryFind(change, out StoredToken? row) ? Change(change, row)
            : new CommitResult(CommitOutcome.NotFound);
        if (result.Outcome == CommitOutcome.Done)
        {
            _committed.Add(change.ChangeId, change.Now);
        }

        return result;
    }

    private CommitResult Change(TokenChange change, StoredToken row) => change switch
    {
        TokenChange.Update update => Update(update, row),
        TokenChange.Rehash rehash => Rehash(rehash, row),
        TokenChange.Revoke => Done(Revoke(row, change.Now)),
        TokenChange.Delete => Delete(row),
        _ => throw new UnreachableException(),
    };

    private CommitResult Issue(TokenChange.Issue change)
    {
        StoredToken row = InUtc(Copy(change.Token)) with { Sequence = _lastSequence + 1 };
        if (_rows.ContainsKey(row.Id))
        {
            return new CommitResult(CommitOutcome.Duplicate);
        }

        if (Refusal(row, change.LivingTokenLimit, change.Now) is CommitOutcome refusal)
        {
            return new CommitResult(refusal);
        }

        _lastSequence = row.Sequence;
        _index.Add(row);
        return Done(Write(former: null, row));
    }

    private CommitResult Update(TokenChange.Update change, StoredToken row)
    {
        if (row.RevokedAt is not null)
        {
            return new CommitResult(CommitOutcome.NotFound);
        }

        if (row.Version != change.Token.Version)
        {
            return new CommitResult(CommitOutcome.Stale);
        }

        StoredToken wanted = InUtc(Copy(change.Token));
        StoredToken next = InUtc(row with
        {
            Secret = change.Secret is null ? row.Secret : Copy(change.Secret),
            Name = wanted.Name,
            NameKey = wanted.NameKey,
            Scopes = wanted.Scopes,
            ExpiresAt = wanted.ExpiresAt,
            SuspendedAt = wanted.SuspendedAt,
            WireData = wanted.WireData,
            UpdatedAt = change.Now,
            Version = row.Version + 1,
        });
        int? limit = IsLiving(row, change.Now) || !IsLiving(next, change.Now) ? null : change.LivingTokenLimit;
        return Refusal(next, limit, change.Now) is CommitOutcome refusal ? new CommitResult(refusal) : Done(Write(row, next));
    }

    private CommitResult Rehash(TokenChange.Rehash change, StoredToken row)
    {
        if (row.RevokedAt is not null)
        {
            return new CommitResult(CommitOutcome.NotFound);
        }

        StoredSecret wanted = Copy(change.Token.Secret);
        return string.Equals(row.Secret.Hash, change.ExpectedHash, StringComparison.Ordinal)
            ? Done(Write(row, row with { Secret = wanted with { Hint = row.Secret.Hint, RecoverableCopy = row.Secret.RecoverableCopy } }))
            : new CommitResult(CommitOutcome.Stale);
    }

    private StoredToken Revoke(StoredToken row, DateTimeOffset now) =>
        row.RevokedAt is not null
            ? row
            : Write(row, InUtc(row with
            {
                RevokedAt = now,
                UpdatedAt = now,
                Version = row.Version + 1,
                NameKey = null,
                Secret = row.Secret with { RecoverableCopy = null },
            }));

    private CommitResult Delete(StoredToken row)
    {
        Remove(row);
        return new CommitResult(CommitOutcome.Done);
    }

    private int RevokeWhere(TokenBatch.RevokeWhere batch)
    {
        Guid[] found =
        [
            .. _index.Walk(batch.Realm, batch.Subject, TokenOrder.NewestFirst, after: null)
                .Where(id => _rows[id].RevokedAt is null && !batch.Spared.Contains(id))
                .Take(batch.Limit),
        ];
        Array.ForEach(found, id => Revoke(_rows[id], batch.Now));
        return found.Length;
    }

    private bool Touch(TokenUse use)
    {
        if (!_rows.TryGetValue(use.Id, out StoredToken? row) || row.LastUsedAt >= use.UsedAt)
        {
            return false;
        }

        Write(row, InUtc(row with { LastUsedAt = use.UsedAt }));
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
            if (committedAt < batch.EndedBefore)
            {
                _committed.Remove(changeId);
            }
        }

        return ended.Length;
    }

    private bool TryFind(TokenChange change, [NotNullWhen(true)] out StoredToken? row) =>
        _rows.TryGetValue(change.Ids[0], out row)
        && string.Equals(row.Realm, change.Realm, StringComparison.Ordinal)
        && change.Owner.Matches(row.Subject);

    /// <summary>Why a row may not be written, judged by the other rows; null when it may.</summary>
    private CommitOutcome? Refusal(StoredToken row, int? livingTokenLimit, DateTimeOffset now) =>
        row.NameKey is not null && _holderOfName.TryGetValue(NameOf(row.NameKey), out Guid holder) && holder != row.Id ? CommitOutcome.NameTaken
        : livingTokenLimit is int limit && CountLivingLike(row, now) >= limit ? CommitOutcome.CapReached
        : null;

    private int CountLivingLike(StoredToken row, DateTimeOffset now) =>
        _index.Walk(row.Realm, SubjectFilter.For(row.Subject), TokenOrder.NewestFirst, after: null)
            .Select(id => _rows[id])
            .Count(other => string.Equals(other.Kind, row.Kind, StringComparison.Ordinal) && IsLiving(other, now));

    private StoredToken Write(StoredToken? former, StoredToken row)
    {
        ReleaseName(former);
        if (row.NameKey is not null)
        {
            _holderOfName.Add(NameOf(row.NameKey), row.Id);
        }

        return _rows[row.Id] = row;
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

    private static CommitResult Done(StoredToken row) => new(CommitOutcome.Done, Copy(row));

    private static string NameOf(byte[] nameKey) => Convert.ToHexString(nameKey);

    private static bool IsLiving(StoredToken row, DateTimeOffset now) =>
        TokenStatusRule.Decide(row.RevokedAt, row.ExpiresAt, row.SuspendedAt, now) is TokenStatus.Active or TokenStatus.Suspended;

    private static StoredToken Copy(StoredToken row) => row with { NameKey = row.NameKey?.ToArray(), Secret = Copy(row.Secret) };

    private static StoredSecret Copy(StoredSecret secret) => secret with
    {
        Tag = secret.Tag?.ToArray(),
        Verifier = secret.Verifier?.ToArray(),
        RecoverableCopy = secret.RecoverableCopy?.ToArray(),
    };

    // A database keeps neither zones nor what is finer than a microsecond; a store that did would hide a caller's mistake.
    private static StoredToken InUtc(StoredToken row) => row with
    {
        CreatedAt = UnixMicroseconds.Truncate(row.CreatedAt),
        UpdatedAt = UnixMicroseconds.Truncate(row.UpdatedAt),
        ExpiresAt = Truncate(row.ExpiresAt),
        LastUsedAt = Truncate(row.LastUsedAt),
        RevokedAt = Truncate(row.RevokedAt),
        SuspendedAt = Truncate(row.SuspendedAt),
    };

    private static DateTimeOffset? Truncate(DateTimeOffset? instant) => instant is { } known ? UnixMicroseconds.Truncate(known) : null;
}
