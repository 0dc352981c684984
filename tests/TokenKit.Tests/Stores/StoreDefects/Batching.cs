using System.Collections.Concurrent;
using TokenKit.Stores;

namespace TokenKit.Tests.Stores.StoreDefects;

/// <summary>Stores whose batches change too much or too little.</summary>
internal static class Batching
{
    public static IReadOnlyList<StoreDefect> All { get; } =
    [
        new("TouchesBackwards", "Touching_OlderOrEqual_ChangesNothing", TouchesBackwards),
        new("TouchesHalf", "Touching_ThousandAtOnce_MovesAll", () => Committing(batch => batch is TokenBatch.Touch touch ? new TokenBatch.Touch([.. touch.Uses.Take(500)]) : batch)),
        new("CountsTouchAsChange", "Touching_SinceItWasRead_LetsUpdateThrough", CountsTouchAsChange),
        new("CountsOneTooMany", "RevokingAll_NothingThere_RevokesNothing", () => new AlteredStore { CommitBatch = async (inner, batch, cancellationToken) => await inner.CommitBatchAsync(batch, cancellationToken) + 1 }),
        new("SparesNobody", "RevokingAll_Spared_StayAsTheyAre", () => Committing(batch => batch is TokenBatch.RevokeWhere revoke ? revoke with { Spared = [] } : batch)),
        new("RevokesEverybodysTokens", "RevokingAll_OtherSubjectsAndRealms_StayAsTheyAre", () => Committing(batch => batch is TokenBatch.RevokeWhere revoke ? revoke with { Subject = SubjectFilter.Any } : batch)),
        new("RevokesWithoutLimit", "RevokingAll_Limit_EndsWhenFewerAreRevoked", () => Committing(batch => batch is TokenBatch.RevokeWhere revoke ? revoke with { Limit = TokenBatch.MaximumSize } : batch)),
        new("StopsAtLimitOfAll", "RevokingAll_SparedAndRevoked_TakeNoPlaceInLimit", StopsAtLimitOfAll),
        new("RevokesOnce", "RevokingAll_WhileOthersIssue_ReachesWhatWasAnsweredBefore", RevokesOnce),
        new("PurgesOneMicrosecondTooMuch", "Purging_EndedBefore_RemovesWhatEndedStrictlyBefore", () => Committing(batch => batch is TokenBatch.Purge purge ? purge with { EndedBefore = purge.EndedBefore.AddMicroseconds(1) } : batch)),
        new("PurgesWithoutLimit", "Purging_Limit_EndsWhenFewerAreRemoved", () => Committing(batch => batch is TokenBatch.Purge purge ? purge with { Limit = TokenBatch.MaximumSize } : batch)),
        new("ForgetsAllChangesWithPurge", "Purging_ChangesMadeSince_AreRemembered", ForgetsAllChangesWithPurge),
        new("IgnoresCancellationOfBatches", "Cancellation_BeforeBatches_WritesNothing", () => new AlteredStore { CommitBatch = async (inner, batch, _) => await inner.CommitBatchAsync(batch, CancellationToken.None) }),
    ];

    private static AlteredStore Committing(Func<TokenBatch, TokenBatch> alter) => new()
    {
        CommitBatch = async (inner, batch, cancellationToken) => await inner.CommitBatchAsync(alter(batch), cancellationToken),
    };

    private static AlteredStore TouchesBackwards()
    {
        ConcurrentDictionary<Guid, DateTimeOffset> lastUses = new();
        return new AlteredStore
        {
            Find = async (inner, id, cancellationToken) =>
            {
                StoredToken? row = await inner.FindAsync(id, cancellationToken);
                return row is not null && lastUses.TryGetValue(id, out DateTimeOffset usedAt) ? row with { LastUsedAt = usedAt } : row;
            },
            CommitBatch = async (inner, batch, cancellationToken) =>
            {
                foreach (TokenUse use in batch is TokenBatch.Touch touch ? touch.Uses : [])
                {
                    lastUses[use.Id] = use.UsedAt;
                }

                return await inner.CommitBatchAsync(batch, cancellationToken);
            },
        };
    }

    private static AlteredStore CountsTouchAsChange()
    {
        ConcurrentDictionary<Guid, bool> touched = new();
        return new AlteredStore
        {
            Commit = async (inner, change, cancellationToken) => change is TokenChange.Update update && touched.TryRemove(update.Token.Id, out _)
                ? new CommitResult(CommitOutcome.Stale)
                : await inner.CommitAsync(change, cancellationToken),
            CommitBatch = async (inner, batch, cancellationToken) =>
            {
                foreach (TokenUse use in batch is TokenBatch.Touch touch ? touch.Uses : [])
                {
                    touched[use.Id] = true;
                }

                return await inner.CommitBatchAsync(batch, cancellationToken);
            },
        };
    }

    /// <summary>Takes as many rows as the limit says, and only then leaves out those that are spared.</summary>
    private static AlteredStore StopsAtLimitOfAll() => new()
    {
        CommitBatch = async (inner, batch, cancellationToken) =>
        {
            if (batch is not TokenBatch.RevokeWhere revoke)
            {
                return await inner.CommitBatchAsync(batch, cancellationToken);
            }

            TokenPage page = await inner.ListAsync(new TokenQuery(revoke.Realm, revoke.Subject) { Limit = revoke.Limit }, cancellationToken);
            int left = page.Tokens.Count(row => !revoke.Spared.Contains(row.Id));
            return left == 0 ? 0 : await inner.CommitBatchAsync(revoke with { Limit = left }, cancellationToken);
        },
    };

    private static AlteredStore RevokesOnce()
    {
        int calls = 0;
        return new AlteredStore
        {
            CommitBatch = async (inner, batch, cancellationToken) =>
                batch is TokenBatch.RevokeWhere && Interlocked.Increment(ref calls) > 1 ? 0 : await inner.CommitBatchAsync(batch, cancellationToken),
        };
    }

    private static AlteredStore ForgetsAllChangesWithPurge()
    {
        ConcurrentDictionary<Guid, bool> forgotten = new();
        ConcurrentDictionary<Guid, bool> committed = new();
        return new AlteredStore
        {
            Commit = async (inner, change, cancellationToken) =>
            {
                committed[change.ChangeId] = true;
                return change is TokenChange.Issue issue && forgotten.ContainsKey(change.ChangeId)
                    ? await inner.CommitAsync(new TokenChange.Issue(Guid.NewGuid(), issue.Now, issue.Token, issue.LivingTokenLimit, issue.Actor), cancellationToken)
                    : await inner.CommitAsync(change, cancellationToken);
            },
            CommitBatch = async (inner, batch, cancellationToken) =>
            {
                foreach (Guid changeId in batch is TokenBatch.Purge ? committed.Keys : [])
                {
                    forgotten[changeId] = true;
                }

                return await inner.CommitBatchAsync(batch, cancellationToken);
            },
        };
    }
}
