using TokenKit.StoreConformance;
using TokenKit.Stores;

namespace TokenKit.Tests.Stores.StoreDefects;

/// <summary>Stores whose batches change too much or too little.</summary>
internal static class Batching
{
    public static IReadOnlyList<StoreDefect> All { get; } =
    [
        new("TouchesBackwards", "Touching_OlderOrEqual_ChangesNothing", () => Touching((row, usedAt) => row with { LastUsedAt = usedAt })),
        new("CountsTouchAsChange", "Touching_SinceItWasRead_LetsUpdateThrough", () => Touching((row, usedAt) => row with { LastUsedAt = usedAt, Version = row.Version + 1 })),
        new("TouchesHalf", "Touching_ThousandAtOnce_MovesAll", () => Committing(batch => batch is TokenBatch.Touch touch ? new TokenBatch.Touch([.. touch.Uses.Take(500)]) : batch)),
        new("StopsAtUnknownIds", "Touching_UnknownIds_ArePassedOver", () => new AlteredStore
        {
            CommitBatch = (rows, batch) => rows.Commit(batch is TokenBatch.Touch touch ? new TokenBatch.Touch([.. touch.Uses.TakeWhile(use => rows.Find(use.Id) is not null)]) : batch),
        }),
        new("CountsOneTouchTooMany", "Touching_NoUses_ChangesNothing", () => new AlteredStore { CommitBatch = (rows, batch) => rows.Commit(batch) + 1 }),
        new("ErasesAllCopies", "Erasing_Copies_LeavesTheRestOfTheRow", () => Erasing((rows, _) => Array.ForEach([.. rows.All], row => rows.Put(WithoutCopy(row))))),
        new("CountsErasingAsTouch", "Erasing_Copies_LeavesTheRestOfTheRow", () => Erasing((rows, erase) => Each(rows, erase, row => row with { LastUsedAt = DateTimeOffset.MaxValue }))),
        new("StopsErasingAtUnknownIds", "Erasing_IdsWithoutRowOrCopy_ArePassedOver", () => Committing((rows, batch) =>
            batch is TokenBatch.EraseCopies erase ? new TokenBatch.EraseCopies([.. erase.Ids.TakeWhile(id => rows.Find(id) is not null)]) : batch)),
        new("ErasesHalf", "Erasing_ThousandAtOnce_ErasesAll", () => Committing(batch => batch is TokenBatch.EraseCopies erase ? new TokenBatch.EraseCopies([.. erase.Ids.Take(500)]) : batch)),
        new("CountsErasingAsChange", "Erasing_SinceItWasRead_LetsUpdateThrough", () => Erasing((rows, erase) => Each(rows, erase, row => row with { Version = row.Version + 1 }))),
        new("PurgesOneMicrosecondTooMuch", "Purging_EndedBefore_RemovesWhatEndedStrictlyBefore", () => Committing(batch => batch is TokenBatch.Purge purge ? purge with { EndedBefore = purge.EndedBefore.AddMicroseconds(1) } : batch)),
        new("PurgesWithoutLimit", "Purging_Limit_EndsWhenFewerAreRemoved", () => Committing(batch => batch is TokenBatch.Purge purge ? purge with { Limit = TokenBatch.MaximumSize } : batch)),
        new("CountsOneRevokedTooFew", "Purging_MoreRevokedThanTheLimit_CountsEachStep", () => new AlteredStore
        {
            CommitBatch = (rows, batch) =>
            {
                bool usesUpLimit = batch is TokenBatch.Purge purge && rows.All.Count(row => row.RevokedAt < purge.EndedBefore) >= purge.Limit;
                return rows.Commit(batch) - (usesUpLimit ? 1 : 0);
            },
        }),
        new("PurgesNoTokensOfNobody", "Purging_AllRealmsAndSubjects_AreReached", () => new AlteredStore
        {
            CommitBatch = (rows, batch) =>
            {
                StoredToken[] left = [.. rows.All.Where(row => row.Subject.Length == 0)];
                Array.ForEach(left, row => rows.Remove(row.Id));
                int changed = rows.Commit(batch);
                Array.ForEach(left, rows.Put);
                return changed;
            },
        }),
        new("PurgesWithoutLock", "Purging_EightTimesAtOnce_CountsEachTokenOnce", () => new AlteredStore
        {
            BatchesTakeTurns = false,
            CommitBatch = (rows, batch) =>
            {
                if (batch is not TokenBatch.Purge purge)
                {
                    return rows.Commit(batch);
                }

                int ended = rows.All.Count(row => row.ExpiresAt < purge.EndedBefore);
                Thread.Sleep(20);
                rows.Commit(batch);
                return Math.Min(ended, purge.Limit);
            },
        }),
        new("ForgetsAllChangesWithPurge", "Purging_ChangesMadeSince_AreRemembered", () => new AlteredStore
        {
            CommitBatch = (rows, batch) =>
            {
                rows.Forget(before: batch is TokenBatch.Purge ? DateTimeOffset.MaxValue : DateTimeOffset.MinValue);
                return rows.Commit(batch);
            },
        }),
        new("ForgetsChangesByTheInstant", "Purging_RecentChanges_AreRememberedWhateverTheInstant", () => new AlteredStore
        {
            CommitBatch = (rows, batch) =>
            {
                rows.Forget(before: batch is TokenBatch.Purge purge ? purge.EndedBefore : DateTimeOffset.MinValue);
                return rows.Commit(batch);
            },
        }),
        new("RemembersForEver", "Purging_OlderChanges_AreForgotten", () => new AlteredStore { CommitBatch = (rows, batch) => rows.Commit(batch, forgets: false) }),
        new("IgnoresCancellationOfBatches", "Cancellation_BeforeBatches_WritesNothing", () => new AlteredStore { Notices = call => call is TokenBatch ? Noticing.Never : Noticing.Before }),
    ];

    private static AlteredStore Committing(Func<TokenBatch, TokenBatch> alter) => Committing((_, batch) => alter(batch));

    private static AlteredStore Committing(Func<StoreRows, TokenBatch, TokenBatch> alter) => new() { CommitBatch = (rows, batch) => rows.Commit(alter(rows, batch)) };

    /// <summary>Does more than erasing.</summary>
    private static AlteredStore Erasing(Action<StoreRows, TokenBatch.EraseCopies> also) => new()
    {
        CommitBatch = (rows, batch) =>
        {
            int changed = rows.Commit(batch);
            if (batch is TokenBatch.EraseCopies erase)
            {
                also(rows, erase);
            }

            return changed;
        },
    };

    private static void Each(StoreRows rows, TokenBatch.EraseCopies erase, Func<StoredToken, StoredToken> alter)
    {
        foreach (StoredToken row in erase.Ids.Select(rows.Find).OfType<StoredToken>())
        {
            rows.Put(alter(row));
        }
    }

    private static StoredToken WithoutCopy(StoredToken row) => row.WithSecret(secret => secret with { RecoverableCopy = null });

    /// <summary>Writes down every use, however it finds the row.</summary>
    private static AlteredStore Touching(Func<StoredToken, DateTimeOffset, StoredToken> touch) => new()
    {
        CommitBatch = (rows, batch) =>
        {
            int changed = rows.Commit(batch);
            foreach (TokenUse use in (batch as TokenBatch.Touch)?.Uses ?? [])
            {
                if (rows.Find(use.Id) is { } row)
                {
                    rows.Put(touch(row, use.UsedAt));
                }
            }

            return changed;
        },
    };
}
