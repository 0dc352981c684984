using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TokenKit.Dapper.Dialects;
using TokenKit.Dapper.Execution;
using TokenKit.Stores;

namespace TokenKit.Dapper;

/// <summary>Keeps tokens in an SQL database. One store for every product; what differs is in the <see cref="SqlDialect"/>.</summary>
internal sealed class DapperTokenStore(SqlDatabase database, TokenKitSchema? schema = null, ILogger? logger = null) : ITokenStore, IDisposable
{
    // More writers than that do not count the tokens of one subject at the same moment.
    private const int GuardDistance = 64;

    // A revoke-all leaves alone the token that it spares, its two partners, and in a step the acting one.
    private const int MostExempt = 4;

    private readonly SqlDialect _dialect = database.Dialect;
    private readonly TokenStatements _statements = database.Dialect.Tokens;
    private readonly Lookups _lookups = new(database);
    private readonly TokenKitSchema _schema = schema ?? new TokenKitSchema(database);
    private readonly WriteProof _proof = new(database);
    private readonly ILogger _logger = logger ?? NullLogger.Instance;
    private int _saidThatItCannotWrite;

    public ValueTask<StoredToken?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        _lookups.FindAsync(id, cancellationToken);

    public async ValueTask<TokenPage> ListAsync(TokenQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return await database.ReadAsync("list tokens", session => ListAsync(session, query), cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<long> CountAsync(string realm, SubjectFilter owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        string statement = owner is SubjectFilter.AnySubject ? _statements.CountRealm : _statements.CountSubject;
        SqlParameters parameters = new SqlParameters().With("realm", realm).With("subject", Owner(owner));
        object? count = await database.ReadAsync("count tokens", session => session.ReadValueAsync(statement, parameters), cancellationToken).ConfigureAwait(false);
        return Convert.ToInt64(count, CultureInfo.InvariantCulture);
    }

    public async ValueTask<CommitResult> CommitAsync(TokenChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (database.QueuesWriters && change is TokenChange.Revoke or TokenChange.RevokeAll or TokenChange.Delete
            && await database.ReadAsync("change a token", session => FindNothingToEndAsync(session, change), cancellationToken).ConfigureAwait(false) is { } result)
        {
            return result;
        }

        return await database.WriteAsync("change a token", Writer.For(change), session => CommitAsync(session, change), cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<int> CommitBatchAsync(TokenBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return await CommitAsync(batch, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<StoreStatus> CheckAsync(CancellationToken cancellationToken)
    {
        SchemaStatus status = await _schema.CheckAsync(cancellationToken).ConfigureAwait(false);
        if (!status.IsUsable)
        {
            return new StoreStatus(IsUsable: false, status.ToString(), status.Version);
        }

        try
        {
            await _proof.RunAgainAsync(cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _saidThatItCannotWrite, 0);
        }
        catch (TokenStoreException failure) when (failure.InnerException is { } reason && !_dialect.IsTransient(reason))
        {
            // Health asks every few seconds.
            if (Interlocked.Exchange(ref _saidThatItCannotWrite, 1) == 0)
            {
                Log.CannotWrite(_logger, failure);
            }

            return new StoreStatus(IsUsable: false, failure.Message, status.Version);
        }

        string? problem = await _schema.FindSequenceProblemAsync(cancellationToken).ConfigureAwait(false);
        return new StoreStatus(IsUsable: true, problem ?? status.ToString(), status.Version)
        {
            IsDegraded = problem is not null || status.State == SchemaState.NewerReadable,
        };
    }

    /// <summary>Proves when a host starts that it will be able to revoke.</summary>
    /// <exception cref="TokenStoreException">It will not; the message says why.</exception>
    public Task ProveAtStartAsync(CancellationToken cancellationToken) => _proof.RunAtStartAsync(cancellationToken);

    public void Dispose() => _lookups.Dispose();

    private async Task<StoredToken?> FindAsync(SqlSession session, Guid id)
    {
        List<StoredToken> found = await session.ReadTokensAsync(_statements.FindToken, new SqlParameters().With(_statements.FindTokenParameter, id)).ConfigureAwait(false);
        return found.Count == 0 ? null : found[0];
    }

    private async Task<TokenPage> ListAsync(SqlSession session, TokenQuery query)
    {
        string statement = (query.Order, query.Subject, query.IncludeRevoked) switch
        {
            (TokenOrder.Inserted, _, _) => _statements.ListInserted,
            (_, SubjectFilter.AnySubject, false) => _statements.ListRealm,
            (_, SubjectFilter.AnySubject, true) => _statements.ListRealmWithRevoked,
            (_, _, false) => _statements.ListSubject,
            (_, _, true) => _statements.ListSubjectWithRevoked,
        };

        // First page: start before all rows. Fetch one row more than the limit to see if there are more.
        // Each statement uses those of the parameters that it knows.
        SqlParameters parameters = new SqlParameters()
            .With("realm", query.Realm)
            .With("subject", Owner(query.Subject))
            .With("kind", query.Kind)
            .With("created_at", query.After?.CreatedAt ?? DateTimeOffset.MaxValue)
            .With("id", query.After?.Id ?? Guid.AllBitsSet)
            .With("sequence", query.After?.Sequence ?? 0)
            .With("include_revoked", query.IncludeRevoked ? 1 : 0)
            .With("limit", query.Limit + 1);
        List<StoredToken> rows = await session.ReadTokensAsync(statement, parameters).ConfigureAwait(false);
        return rows.Count > query.Limit ? new TokenPage(rows[..query.Limit], HasMore: true) : new TokenPage(rows, HasMore: false);
    }

    private async Task<CommitResult> CommitAsync(SqlSession session, TokenChange change)
    {
        Opened opened = await OpenAsync(session, change).ConfigureAwait(false);
        if (opened.IsRepeated)
        {
            return CommitResult.Repeated(change, change.Target is { } id ? await FindAsync(session, id).ConfigureAwait(false) : null);
        }

        // What is refused is rolled back with the session, and its change id with it.
        TokenDecision decision = change.Decide(opened.Locked);
        return decision.Result.Outcome switch
        {
            CommitOutcome.Done => await WriteAsync(session, change, decision).ConfigureAwait(false),
            CommitOutcome.CapReached when await IsNameTakenAsync(session, change).ConfigureAwait(false) => new CommitResult(CommitOutcome.NameTaken),
            _ => decision.Result,
        };
    }

    /// <summary>The answer to a revocation or a deletion that has nothing to write: it is found by reading, so that it keeps no writer waiting.</summary>
    private async Task<CommitResult?> FindNothingToEndAsync(SqlSession session, TokenChange change)
    {
        (string statement, SqlParameters parameters) = Locking(change, MostExempt + 1);
        TokenDecision decision = change.Decide(new LockedTokens(await session.ReadTokensAsync(statement, parameters).ConfigureAwait(false)));
        if (decision is not { Changed.Count: 0, Removed: null })
        {
            return null;
        }

        // Asked last: the same change may have been made between the two reads.
        bool isRemembered = change.ChangeId is { } changeId
            && await session.ReadValueAsync(_statements.FindChange, new SqlParameters().With("change_id", changeId)).ConfigureAwait(false) is not null;
        return isRemembered ? null : decision.Result;
    }

    // A name that is taken is what its caller has to hear of: a repeated request may mean the token that it made before.
    private async Task<bool> IsNameTakenAsync(SqlSession session, TokenChange change) =>
        change is TokenChange.Issue { Token.NameKey: { } nameKey }
        && await session.ReadValueAsync(_statements.FindName, new SqlParameters().With("name_key", nameKey)).ConfigureAwait(false) is not null;

    /// <summary>Remembers the change, then locks and reads what it changes: in one round trip, in the order in which everything is locked.</summary>
    private async Task<Opened> OpenAsync(SqlSession session, TokenChange change)
    {
        // A revocation does not give up its place in a queue, unless it holds an acting token while it waits for another.
        TimeSpan? lockTimeout = change is TokenChange.RevokeAll or TokenChange.Revoke { Ids.Count: 1 } ? null : database.LockTimeout;
        bool locksGuard = change.GuardedSubject is not null;
        Opened opened = await BeginAsync(session, change, locksGuard, lockTimeout).ConfigureAwait(false);
        if (locksGuard || opened.IsRepeated || opened.Locked.Living is not { } living || living < change.Limit!.Most - GuardDistance)
        {
            return opened;
        }

        // So near the limit, concurrent writers have to count one after the other. No token is locked yet that a guard would have to precede.
        await session.RollbackAsync().ConfigureAwait(false);
        return await BeginAsync(session, change, locksGuard: true, lockTimeout).ConfigureAwait(false);
    }

    private Task<Opened> BeginAsync(SqlSession session, TokenChange change, bool locksGuard, TimeSpan? lockTimeout)
    {
        (List<string> statements, SqlParameters parameters) = Opening(change, locksGuard);

        // Counting waits for nobody, and may take its time.
        string? count = change.Limit is null ? null : _statements.CountLiving;
        return session.BeginAsync(statements, count, parameters, lockTimeout, reader => ReadAsync(reader, change, locksGuard, session.CancellationToken));
    }

    private (List<string> Statements, SqlParameters Parameters) Opening(TokenChange change, bool locksGuard)
    {
        List<string> statements = [];
        (string? locking, SqlParameters parameters) = LocksTokens(change) ? Locking(change) : (null, Parameters(change));
        if (change.ChangeId is { } changeId)
        {
            statements.Add(_statements.RememberChange);
            parameters.With("change_id", changeId);
        }

        if (locksGuard)
        {
            statements.Add(_statements.LockGuard);
        }

        if (change.Limit is { } limit)
        {
            parameters.With("kind", limit.Kind).With("limit", limit.Most + 1L);
        }

        if (locking is not null)
        {
            statements.Add(locking);
        }

        return (statements, parameters);
    }

    /// <summary>The statement that locks and returns the tokens of a change, and its parameters.</summary>
    /// <param name="change">The change.</param>
    /// <param name="most">The most tokens besides those of its ids.</param>
    private (string Statement, SqlParameters Parameters) Locking(TokenChange change, int most = int.MaxValue)
    {
        Guid? first = change.Ids.Count > 0 ? change.Ids[0] : null;
        Guid? second = change.Ids.Count > 0 ? change.Ids[^1] : null;
        SqlParameters parameters = Parameters(change).With("first", first).With("second", second);
        return change is TokenChange.RevokeAll all
            ? (all.Owner is SubjectFilter.AnySubject ? _statements.LockRealm : _statements.LockSubject,
                parameters.With("most", Math.Min(most, all.Most ?? most)).With("created_from", all.CreatedFrom ?? DateTimeOffset.MinValue))
            : (_statements.LockTokens, parameters);
    }

    private static SqlParameters Parameters(TokenChange change) =>
        new SqlParameters().With("realm", change.Realm).With("subject", Owner(change.Owner)).With("now", change.Now);

    private static async Task<Opened> ReadAsync(DbDataReader reader, TokenChange change, bool locksGuard, CancellationToken cancellationToken)
    {
        bool isRepeated = false;
        if (change.ChangeId is not null)
        {
            isRepeated = !await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        }

        if (locksGuard)
        {
            await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        }

        List<StoredToken> rows = [];
        if (LocksTokens(change))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                rows.Add(TokenRow.Read(reader));
            }

            await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        }

        long? living = null;
        if (change.Limit is not null)
        {
            await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            living = Convert.ToInt64(reader.GetValue(0), CultureInfo.InvariantCulture);
        }

        return new Opened(isRepeated, new LockedTokens(rows, living));
    }

    // The issue of a token by the host finds nothing to lock.
    private static bool LocksTokens(TokenChange change) => change is TokenChange.RevokeAll || change.Ids.Count > 0;

    private Task<CommitResult> WriteAsync(SqlSession session, TokenChange change, TokenDecision decision) => decision switch
    {
        { Added: { } row } => InsertAsync(session, row, decision.Result),
        { Removed: { } id } => EndAsync(session, decision.Result, [(_statements.DeleteToken, new SqlParameters().With("id", id))]),
        _ when change is TokenChange.RevokeAll => EndAsync(session, decision.Result, decision.Changed.Chunk(TokenChange.RevokeAll.MaximumSize).Select(chunk => (
            _statements.RevokeTokens,
            new SqlParameters().With("ids", JsonParameter.From(chunk.Select(row => row.Id))).With("now", chunk[0].RevokedAt)))),
        _ => UpdateAsync(session, decision),
    };

    private async Task<CommitResult> InsertAsync(SqlSession session, StoredToken row, CommitResult result)
    {
        try
        {
            object? sequence = await session.CommitAsync(_statements.InsertToken, TokenRow.Parameters(row)).ConfigureAwait(false);
            return result with { Token = row with { Sequence = Convert.ToInt64(sequence, CultureInfo.InvariantCulture) } };
        }
        catch (DbException exception) when (_dialect.IsUniqueViolation(exception))
        {
            // Some products allow no further statement in a transaction that failed.
            await session.RollbackAsync().ConfigureAwait(false);
            bool idIsTaken = row.NameKey is null || await FindAsync(session, row.Id).ConfigureAwait(false) is not null;
            return new CommitResult(idIsTaken ? CommitOutcome.Duplicate : CommitOutcome.NameTaken);
        }
    }

    private async Task<CommitResult> UpdateAsync(SqlSession session, TokenDecision decision)
    {
        try
        {
            return await EndAsync(session, decision.Result, decision.Changed.Select(row => (_statements.UpdateToken, TokenRow.Parameters(row)))).ConfigureAwait(false);
        }
        catch (DbException exception) when (_dialect.IsUniqueViolation(exception))
        {
            return new CommitResult(CommitOutcome.NameTaken);
        }
    }

    /// <summary>Runs the last statements of a change; the last of them together with the commit.</summary>
    private static async Task<CommitResult> EndAsync(SqlSession session, CommitResult result, IEnumerable<(string Text, SqlParameters Parameters)> statements)
    {
        (string Text, SqlParameters Parameters)[] all = [.. statements];
        foreach ((string text, SqlParameters parameters) in all.SkipLast(1))
        {
            await session.ExecuteAsync(text, parameters).ConfigureAwait(false);
        }

        if (all is [.., var last])
        {
            await session.CommitAsync(last.Text, last.Parameters).ConfigureAwait(false);
        }
        else
        {
            await session.CommitAsync().ConfigureAwait(false);
        }

        return result;
    }

    // Each statement of a batch is a transaction of its own: the batch may stop anywhere and be repeated, and nobody waits for more than one.
    private Task<int> CommitAsync(TokenBatch batch, CancellationToken cancellationToken) => batch switch
    {
        TokenBatch.Touch touch => database.ExecuteAsync(
            "write down uses", _statements.TouchTokens, new SqlParameters().With("uses", JsonParameter.From(touch.Uses)), cancellationToken),
        TokenBatch.Purge purge => PurgeAsync(purge, cancellationToken),
        TokenBatch.EraseCopies erase => database.ExecuteAsync(
            "erase recoverable copies", _statements.EraseCopies, new SqlParameters().With("ids", JsonParameter.From(erase.Ids.Order())), cancellationToken),
        _ => throw new UnreachableException(),
    };

    private async Task<int> PurgeAsync(TokenBatch.Purge purge, CancellationToken cancellationToken)
    {
        int revoked = await RemoveAsync(_statements.PurgeRevoked, purge.Limit).ConfigureAwait(false);
        int expired = revoked < purge.Limit ? await RemoveAsync(_statements.PurgeExpired, purge.Limit - revoked).ConfigureAwait(false) : 0;

        // A token leaves several change ids behind, so the limit for tokens would not keep up with them.
        await RemoveAllAsync(_statements.ForgetChanges, new SqlParameters().With("before", purge.ChangesBefore).With("limit", TokenBatch.MaximumSize)).ConfigureAwait(false);

        // Finding them walks all guards: once, when no more tokens are left to remove.
        if (revoked + expired < purge.Limit)
        {
            await RemoveAllAsync(_statements.ForgetGuards, new SqlParameters().With("most", TokenBatch.MaximumSize)).ConfigureAwait(false);
        }

        return revoked + expired;

        Task<int> RemoveAsync(string statement, int limit) => ExecuteAsync(statement, new SqlParameters().With("before", purge.EndedBefore).With("limit", limit));

        async Task RemoveAllAsync(string statement, SqlParameters parameters)
        {
            while (await ExecuteAsync(statement, parameters).ConfigureAwait(false) >= TokenBatch.MaximumSize)
            {
            }
        }

        Task<int> ExecuteAsync(string statement, SqlParameters parameters) => database.ExecuteAsync("purge tokens", statement, parameters, cancellationToken);
    }

    // What the column holds: empty for nobody. For every subject there is nothing to compare with.
    private static string? Owner(SubjectFilter filter) => filter is SubjectFilter.OneSubject one ? one.Subject
        : filter is SubjectFilter.NoSubject ? ""
        : null;

    /// <summary>A change whose transaction has begun.</summary>
    /// <param name="IsRepeated">Whether its id was remembered before.</param>
    /// <param name="Locked">What was locked and read for it.</param>
    private readonly record struct Opened(bool IsRepeated, LockedTokens Locked);
}
