using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using TokenKit.Dapper.Dialects;
using TokenKit.Dapper.Execution;
using TokenKit.Stores;

namespace TokenKit.Dapper;

/// <summary>Keeps tokens in an SQL database. One store for every product; what differs is in the <see cref="SqlDialect"/>.</summary>
internal sealed class DapperTokenStore(SqlDatabase database, TokenKitSchema? schema = null) : ITokenStore, IDisposable
{
    private readonly SqlDialect _dialect = database.Dialect;
    private readonly TokenStatements _statements = database.Dialect.Tokens;
    private readonly Lookups _lookups = new(database);
    private readonly TokenKitSchema _schema = schema ?? new TokenKitSchema(database);

    public ValueTask<StoredToken?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        _lookups.FindAsync(id, cancellationToken);

    public async ValueTask<TokenPage> ListAsync(TokenQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return await database.ReadAsync("list tokens", session => ListAsync(session, query), cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<CommitResult> CommitAsync(TokenChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        return await database.WriteAsync("change a token", session => CommitAsync(session, change), cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<int> CommitBatchAsync(TokenBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return await CommitAsync(batch, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<StoreStatus> CheckAsync(CancellationToken cancellationToken)
    {
        SchemaStatus status = await _schema.CheckAsync(cancellationToken).ConfigureAwait(false);
        return new StoreStatus(status.IsUsable, status.ToString(), status.Version) { IsDegraded = status.State == SchemaState.NewerReadable };
    }

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
        await session.BeginAsync().ConfigureAwait(false);

        // Remembered first: whoever repeats a change that is just being committed waits here for how it ends.
        SqlParameters remembered = new SqlParameters().With("change_id", change.ChangeId).With("now", change.Now);
        bool isNew = await session.ExecuteAsync(_statements.RememberChange, remembered).ConfigureAwait(false) == 1;
        CommitOutcome outcome = isNew ? await MakeAsync(session, change).ConfigureAwait(false) : CommitOutcome.Done;
        if (outcome != CommitOutcome.Done)
        {
            return new CommitResult(outcome);
        }

        StoredToken? token = change is TokenChange.Delete ? null : await FindAsync(session, change.Ids[0]).ConfigureAwait(false);
        await session.CommitAsync().ConfigureAwait(false);
        return new CommitResult(CommitOutcome.Done, token);
    }

    private async Task<CommitOutcome> MakeAsync(SqlSession session, TokenChange change)
    {
        if (change is TokenChange.Issue issue)
        {
            return await IssueAsync(session, issue).ConfigureAwait(false);
        }

        StoredToken? row = await FindAsync(session, change.Ids[0]).ConfigureAwait(false);
        if (row is null || !string.Equals(row.Realm, change.Realm, StringComparison.Ordinal) || !change.Owner.Matches(row.Subject))
        {
            return CommitOutcome.NotFound;
        }

        SqlParameters parameters = new SqlParameters().With("id", row.Id).With("now", change.Now);
        switch (change)
        {
            case TokenChange.Update update:
                return await UpdateAsync(session, update, row).ConfigureAwait(false);
            case TokenChange.Rehash rehash:
                return await RehashAsync(session, rehash, row).ConfigureAwait(false);
            case TokenChange.Revoke:
                // No row written: it was revoked before, which is as good.
                await session.ExecuteAsync(_statements.RevokeToken, parameters).ConfigureAwait(false);
                return CommitOutcome.Done;
            case TokenChange.Delete:
                int deleted = await session.ExecuteAsync(_statements.DeleteToken, parameters).ConfigureAwait(false);
                return deleted == 1 ? CommitOutcome.Done : CommitOutcome.NotFound;
            default:
                throw new UnreachableException();
        }
    }

    private async Task<CommitOutcome> IssueAsync(SqlSession session, TokenChange.Issue issue)
    {
        await LockSubjectAsync(session, issue.Token, issue.LivingTokenLimit).ConfigureAwait(false);
        try
        {
            await session.ExecuteAsync(_statements.InsertToken, TokenRow.Parameters(issue.Token)).ConfigureAwait(false);
        }
        catch (DbException exception) when (_dialect.IsUniqueViolation(exception))
        {
            // Some products allow no further statement in a transaction that failed.
            await session.RollbackAsync().ConfigureAwait(false);
            bool idIsTaken = issue.Token.NameKey is null || await FindAsync(session, issue.Token.Id).ConfigureAwait(false) is not null;
            return idIsTaken ? CommitOutcome.Duplicate : CommitOutcome.NameTaken;
        }

        return await JudgeLimitAsync(session, issue.Token, issue.Now, issue.LivingTokenLimit).ConfigureAwait(false);
    }

    private async Task<CommitOutcome> UpdateAsync(SqlSession session, TokenChange.Update update, StoredToken row)
    {
        StoredToken wanted = update.Token;
        if (row.RevokedAt is not null)
        {
            return CommitOutcome.NotFound;
        }

        if (row.Version != wanted.Version)
        {
            return CommitOutcome.Stale;
        }

        bool livesAgain = row.ExpiresAt <= update.Now && !(wanted.ExpiresAt <= update.Now);
        int? limit = livesAgain ? update.LivingTokenLimit : null;
        await LockSubjectAsync(session, row, limit).ConfigureAwait(false);
        SqlParameters parameters = new SqlParameters()
            .With("id", wanted.Id)
            .With("version", wanted.Version)
            .With("name", wanted.Name)
            .With("name_key", wanted.NameKey)
            .With("scopes", wanted.Scopes)
            .With("expires_at", wanted.ExpiresAt)
            .With("suspended_at", wanted.SuspendedAt)
            .With("wire_data", wanted.WireData)
            .With("now", update.Now);
        string statement = _statements.UpdateToken;
        if (update.Secret is { } secret)
        {
            statement = _statements.UpdateTokenAndSecret;
            TokenRow.Add(parameters, secret);
        }

        try
        {
            int updated = await session.ExecuteAsync(statement, parameters).ConfigureAwait(false);
            if (updated == 0)
            {
                return CommitOutcome.Stale;
            }
        }
        catch (DbException exception) when (_dialect.IsUniqueViolation(exception))
        {
            return CommitOutcome.NameTaken;
        }

        return await JudgeLimitAsync(session, row, update.Now, limit).ConfigureAwait(false);
    }

    private async Task<CommitOutcome> RehashAsync(SqlSession session, TokenChange.Rehash rehash, StoredToken row)
    {
        if (row.RevokedAt is not null)
        {
            return CommitOutcome.NotFound;
        }

        SqlParameters parameters = new SqlParameters()
            .With("id", row.Id)
            .With("expected_hash", rehash.ExpectedHash)
            .With("hash", rehash.Token.Secret.Hash)
            .With("tag", rehash.Token.Secret.Tag)
            .With("key_id", rehash.Token.Secret.KeyId)
            .With("verifier", rehash.Token.Secret.Verifier);
        int written = await session.ExecuteAsync(_statements.RehashToken, parameters).ConfigureAwait(false);
        return written == 1 ? CommitOutcome.Done : CommitOutcome.Stale;
    }

    // The next writer for the subject waits here until this one has committed. Taken before the token is written: where counting waits for
    // rows that are being written, the two would otherwise wait for each other.
    private async Task LockSubjectAsync(SqlSession session, StoredToken token, int? limit)
    {
        if (limit is not null)
        {
            SqlParameters parameters = new SqlParameters().With("realm", token.Realm).With("subject", token.Subject);
            await session.ExecuteAsync(_statements.LockSubject, parameters).ConfigureAwait(false);
        }
    }

    // Counts when the token is written, behind the lock.
    private async Task<CommitOutcome> JudgeLimitAsync(SqlSession session, StoredToken token, DateTimeOffset now, int? limit)
    {
        if (limit is null)
        {
            return CommitOutcome.Done;
        }

        SqlParameters parameters = new SqlParameters()
            .With("realm", token.Realm)
            .With("subject", token.Subject)
            .With("kind", token.Kind)
            .With("now", now)
            .With("limit", limit + 1L);
        object? living = await session.ReadValueAsync(_statements.CountLiving, parameters).ConfigureAwait(false);
        return Convert.ToInt64(living, CultureInfo.InvariantCulture) <= limit ? CommitOutcome.Done : CommitOutcome.CapReached;
    }

    // Each statement of a batch is a transaction of its own: the batch may stop anywhere and be repeated, and nobody waits for more than one.
    private Task<int> CommitAsync(TokenBatch batch, CancellationToken cancellationToken) => batch switch
    {
        TokenBatch.RevokeWhere revoke => database.ExecuteAsync(
            "revoke tokens",
            revoke.Subject is SubjectFilter.AnySubject ? _statements.RevokeRealm : _statements.RevokeSubject,
            new SqlParameters()
                .With("now", revoke.Now)
                .With("realm", revoke.Realm)
                .With("subject", Owner(revoke.Subject))
                .With("spared", JsonParameter.From(revoke.Spared))
                .With("limit", revoke.Limit),
            cancellationToken),
        TokenBatch.Touch touch => database.ExecuteAsync(
            "write down uses", _statements.TouchTokens, new SqlParameters().With("uses", JsonParameter.From(touch.Uses)), cancellationToken),
        TokenBatch.Purge purge => PurgeAsync(purge, cancellationToken),
        _ => throw new UnreachableException(),
    };

    private async Task<int> PurgeAsync(TokenBatch.Purge purge, CancellationToken cancellationToken)
    {
        int revoked = await RemoveAsync(_statements.PurgeRevoked, purge.Limit).ConfigureAwait(false);
        int expired = revoked < purge.Limit ? await RemoveAsync(_statements.PurgeExpired, purge.Limit - revoked).ConfigureAwait(false) : 0;

        // A token leaves several change ids behind, so the limit for tokens would not keep up with them.
        while (await RemoveAsync(_statements.ForgetChanges, TokenBatch.MaximumSize).ConfigureAwait(false) == TokenBatch.MaximumSize)
        {
        }

        return revoked + expired;

        Task<int> RemoveAsync(string statement, int limit) => database.ExecuteAsync(
            "purge tokens", statement, new SqlParameters().With("before", purge.EndedBefore).With("limit", limit), cancellationToken);
    }

    // What the column holds: empty for nobody. For every subject there is nothing to compare with.
    private static string? Owner(SubjectFilter filter) => filter is SubjectFilter.OneSubject one ? one.Subject
        : filter is SubjectFilter.NoSubject ? ""
        : null;
}
