using System.Diagnostics.CodeAnalysis;
using TokenKit.Stores;

namespace TokenKit.Tests.Stores;

/// <summary>A store in memory that makes each change in the steps of <see cref="TokenChange"/>. Nothing but single steps is replaced.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore holds nothing until its wait handle is asked for.")]
internal sealed class AlteredStore : ITokenStore
{
    private readonly StoreRows _rows = new();
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>When a cancellation is noticed, by what the call is about: an id, a query, an owner, a change or a batch.</summary>
    public Func<object, Noticing> Notices { get; init; } = _ => Noticing.Before;

    /// <summary>What becomes of the arrays of a row on its way in and out.</summary>
    public Func<StoredToken, StoredToken> Copy { get; init; } = Copied;

    public Func<StoreRows, Guid, StoredToken?> Find { get; init; } = (rows, id) => rows.Find(id);

    public Func<StoreRows, TokenQuery, TokenPage> List { get; init; } = (rows, query) => rows.List(query);

    public Func<StoreRows, string, SubjectFilter, long> Count { get; init; } = (rows, realm, owner) => rows.Unrevoked(realm, owner).LongCount();

    /// <summary>Whether a batch waits until others have done, and they for it.</summary>
    public bool BatchesTakeTurns { get; init; } = true;

    public Func<StoreRows, TokenBatch, int> CommitBatch { get; init; } = (rows, batch) => rows.Commit(batch);

    /// <summary>How long a change waits until the others have done. Then it gives up and answers <see cref="CommitOutcome.Stale"/>.</summary>
    public TimeSpan Patience { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>What is read for a change before anything is locked; null for nothing, and no wait.</summary>
    public Func<StoreRows, TokenChange, LockedTokens?> ReadAhead { get; init; } = (_, _) => null;

    /// <summary>The answer to a change that is remembered.</summary>
    public Func<StoreRows, TokenChange, CommitResult> Repeat { get; init; } = (rows, change) => CommitResult.Repeated(change, change.Target is { } id ? rows.Find(id) : null);

    /// <summary>What is read under the lock; the last argument is what <see cref="ReadAhead"/> gave.</summary>
    public Func<StoreRows, TokenChange, LockedTokens?, LockedTokens> Read { get; init; } = (rows, change, _) => rows.Read(change);

    /// <summary>What the store makes of the decision.</summary>
    public Func<StoreRows, TokenChange, LockedTokens, TokenDecision> Decide { get; init; } = (_, change, locked) => change.Decide(locked);

    public Func<StoreRows, TokenChange, StoredToken, bool> IsNameTaken { get; init; } = (rows, _, row) => rows.IsNameTaken(row);

    /// <summary>The sequence of a row to add.</summary>
    public Func<StoreRows, StoredToken, long> Number { get; init; } = (rows, _) => rows.NextSequence();

    /// <summary>How a row is written, by the change, the row that it replaces, which is null for a new one, and the row as decided.</summary>
    public Func<TokenChange, StoredToken?, StoredToken, StoredToken> Keep { get; init; } = (_, former, row) => row with { LastUsedAt = former is null ? row.LastUsedAt : former.LastUsedAt };

    /// <summary>Whether a change is remembered that was answered so.</summary>
    public Func<TokenChange, CommitResult, bool> Remembers { get; init; } = (_, result) => result.Outcome == CommitOutcome.Done;

    /// <summary>Whether a change is remembered only once others can see it.</summary>
    public bool RemembersAfterwards { get; init; }

    public Func<TokenChange, CommitResult, CommitResult> Answer { get; init; } = (_, result) => result;

    public ValueTask<StoredToken?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        ThrowIfCancelled(id, Noticing.Before, cancellationToken);
        return ValueTask.FromResult(Find(_rows, id) is { } row ? Copy(row) : null);
    }

    public ValueTask<TokenPage> ListAsync(TokenQuery query, CancellationToken cancellationToken) => InTurnAsync(
        query,
        () =>
        {
            TokenPage page = List(_rows, query);
            return page with { Tokens = [.. page.Tokens.Select(Copy)] };
        },
        cancellationToken);

    public ValueTask<long> CountAsync(string realm, SubjectFilter owner, CancellationToken cancellationToken) =>
        InTurnAsync(owner, () => Count(_rows, realm, owner), cancellationToken);

    public ValueTask<int> CommitBatchAsync(TokenBatch batch, CancellationToken cancellationToken) => BatchesTakeTurns
        ? InTurnAsync(batch, () => CommitBatch(_rows, batch), cancellationToken)
        : ValueTask.FromResult(CommitBatch(_rows, batch));

    public async ValueTask<CommitResult> CommitAsync(TokenChange change, CancellationToken cancellationToken)
    {
        ThrowIfCancelled(change, Noticing.Before, cancellationToken);
        LockedTokens? ahead = ReadAhead(_rows, change);
        if (ahead is not null)
        {
            // Others come between reading and locking.
            await Task.Delay(10, CancellationToken.None);
        }

        if (!await _turn.WaitAsync(Patience, CancellationToken.None))
        {
            return new CommitResult(CommitOutcome.Stale);
        }

        CommitResult result;
        try
        {
            result = Commit(change, ahead);
            if (!RemembersAfterwards)
            {
                Remember(change, result);
            }
        }
        finally
        {
            _turn.Release();
        }

        if (RemembersAfterwards)
        {
            await Task.Delay(10, CancellationToken.None);
            Remember(change, result);
        }

        ThrowIfCancelled(change, Noticing.Afterwards, cancellationToken);
        result = Answer(change, result);
        return result.Token is { } row ? result with { Token = Copy(row) } : result;
    }

    private CommitResult Commit(TokenChange change, LockedTokens? ahead)
    {
        if (_rows.IsRemembered(change))
        {
            return Repeat(_rows, change);
        }

        TokenDecision decision = Decide(_rows, change, Read(_rows, change, ahead));
        return decision.Result.Outcome switch
        {
            CommitOutcome.Done => Write(change, decision),
            CommitOutcome.CapReached when change is TokenChange.Issue issue && IsNameTaken(_rows, change, issue.Token) => new CommitResult(CommitOutcome.NameTaken),
            _ => decision.Result,
        };
    }

    private CommitResult Write(TokenChange change, TokenDecision decision)
    {
        if (decision.Added is { } taken && _rows.Find(taken.Id) is not null)
        {
            return new CommitResult(CommitOutcome.Duplicate);
        }

        if (decision.Changed.Prepend(decision.Added).OfType<StoredToken>().Any(row => IsNameTaken(_rows, change, row)))
        {
            return new CommitResult(CommitOutcome.NameTaken);
        }

        foreach (StoredToken row in decision.Changed)
        {
            _rows.Put(Copy(Keep(change, _rows.Find(row.Id), row)));
        }

        if (decision.Removed is { } removed)
        {
            _rows.Remove(removed);
        }

        if (decision.Added is not { } wanted)
        {
            return decision.Result;
        }

        StoredToken added = wanted with { Sequence = Number(_rows, wanted) };
        _rows.Put(Copy(Keep(change, null, added)));
        return decision.Result with { Token = added };
    }

    private void Remember(TokenChange change, CommitResult result)
    {
        if (Remembers(change, result))
        {
            _rows.Remember(change);
        }
    }

    private async ValueTask<T> InTurnAsync<T>(object call, Func<T> work, CancellationToken cancellationToken)
    {
        ThrowIfCancelled(call, Noticing.Before, cancellationToken);
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            return work();
        }
        finally
        {
            _turn.Release();
        }
    }

    private void ThrowIfCancelled(object call, Noticing now, CancellationToken cancellationToken)
    {
        if (Notices(call) == now)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static StoredToken Copied(StoredToken row) => row with
    {
        NameKey = row.NameKey?.ToArray(),
        Secret = row.Secret with
        {
            Tag = row.Secret.Tag?.ToArray(),
            Verifier = row.Secret.Verifier?.ToArray(),
            RecoverableCopy = row.Secret.RecoverableCopy?.ToArray(),
        },
    };
}

/// <summary>When a store notices that a call was cancelled.</summary>
internal enum Noticing
{
    Before,
    Afterwards,
    Never,
}
