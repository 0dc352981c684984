using System.Collections.Concurrent;
using TokenKit.Stores;

namespace TokenKit.Tests.Stores.StoreDefects;

/// <summary>Stores that make changes which they should not make, or make twice, or not at all.</summary>
internal static class Changing
{
    public static IReadOnlyList<StoreDefect> All { get; } =
    [
        new("ForgetsChangeIds", "Repeats_Issue_ChangesNothing", () => Committing(change => WithNewId(change))),
        new("ForgetsIdsOfUpdates", "Repeats_UpdateEightTimesAtOnce_IsMadeOnce", () => Committing(change => change is TokenChange.Update ? WithNewId(change) : change)),
        new("RemembersRefusedChanges", "Repeats_RefusedIssue_IsTriedAgain", RemembersRefusedChanges),
        new("LastWriterWins", "Updates_EightAtOnce_OneWinsPerVersion", LastWriterWins),
        new("RevokesForAnyOwner", "Subjects_ForeignOwner_CannotRevoke", () => Committing(change => change is TokenChange.Revoke revoke ? new TokenChange.Revoke(revoke.ChangeId, revoke.Now, revoke.Id, revoke.Realm, SubjectFilter.Any) : change)),
        new("DeletesForAnyOwner", "Subjects_ForeignOwner_CannotDelete", () => Committing(change => change is TokenChange.Delete delete ? new TokenChange.Delete(delete.ChangeId, delete.Now, delete.Id, delete.Realm, SubjectFilter.Any) : change)),
        new("NeedsNamedOwner", "Subjects_RightOwner_CanRevokeAndDelete", () => Refusing(CommitOutcome.NotFound, (_, change) => change is TokenChange.Existing { Owner: SubjectFilter.NoSubject })),
        new("KeepsWhatIsNull", "Updates_NullsAndEmptyTexts_AreWritten", KeepsWhatIsNull),
        new("WritesLastUseWithUpdate", "Updates_TouchedSinceItWasRead_KeepLastUse", () => Answering((change, row) => change is TokenChange.Update update ? row with { LastUsedAt = update.Token.LastUsedAt } : row)),
        new("RevokesLivingTokensOnly", "Revoking_ExpiredAndSuspendedToken_EndsIt", () => Refusing(CommitOutcome.NotFound, (row, change) => change is TokenChange.Revoke && row?.SuspendedAt is not null)),
        new("RevokesAgain", "Revoking_Again_ChangesNothing", () => Answering((change, row) => change is TokenChange.Revoke ? row with { RevokedAt = change.Now } : row)),
        new("IgnoresCancellationOfChanges", "Cancellation_BeforeChanges_WritesNothing", () => new AlteredStore { Commit = async (inner, change, _) => await inner.CommitAsync(change, CancellationToken.None) }),
        new("NoticesCancellationTooLate", "Cancellation_BeforeChanges_WritesNothing", NoticesCancellationTooLate),
    ];

    private static AlteredStore Committing(Func<TokenChange, TokenChange> alter) => new()
    {
        Commit = async (inner, change, cancellationToken) => await inner.CommitAsync(alter(change), cancellationToken),
    };

    private static TokenChange WithNewId(TokenChange change) => change switch
    {
        TokenChange.Issue issue => new TokenChange.Issue(Guid.NewGuid(), issue.Now, issue.Token, issue.LivingTokenLimit),
        TokenChange.Update update => new TokenChange.Update(Guid.NewGuid(), update.Now, update.Token, update.LivingTokenLimit),
        _ => change,
    };

    private static AlteredStore RemembersRefusedChanges()
    {
        ConcurrentDictionary<Guid, CommitResult> results = new();
        return new AlteredStore
        {
            Commit = async (inner, change, cancellationToken) => results.TryGetValue(change.ChangeId, out CommitResult? result)
                ? result
                : results[change.ChangeId] = await inner.CommitAsync(change, cancellationToken),
        };
    }

    private static AlteredStore LastWriterWins() => new()
    {
        Commit = async (inner, change, cancellationToken) =>
        {
            CommitResult result = await inner.CommitAsync(change, cancellationToken);
            while (result.Outcome == CommitOutcome.Stale && change is TokenChange.Update update)
            {
                long version = (await inner.FindAsync(update.Id, cancellationToken))!.Version;
                result = await inner.CommitAsync(new TokenChange.Update(update.ChangeId, update.Now, update.Token with { Version = version }, update.LivingTokenLimit), cancellationToken);
            }

            return result;
        },
    };

    /// <summary>Gives another row for an answer.</summary>
    private static AlteredStore Answering(Func<TokenChange, StoredToken, StoredToken> alter) => new()
    {
        Commit = async (inner, change, cancellationToken) =>
        {
            CommitResult result = await inner.CommitAsync(change, cancellationToken);
            return result.Token is null ? result : result with { Token = alter(change, result.Token) };
        },
    };

    /// <summary>Refuses some changes, judged by the row as it is.</summary>
    private static AlteredStore Refusing(CommitOutcome outcome, Func<StoredToken?, TokenChange, bool> isRefused) => new()
    {
        Commit = async (inner, change, cancellationToken) =>
            isRefused(change is TokenChange.Existing existing ? await inner.FindAsync(existing.Id, cancellationToken) : null, change)
                ? new CommitResult(outcome)
                : await inner.CommitAsync(change, cancellationToken),
    };

    private static AlteredStore KeepsWhatIsNull() => new()
    {
        Commit = async (inner, change, cancellationToken) =>
        {
            if (change is TokenChange.Update update && await inner.FindAsync(update.Id, cancellationToken) is StoredToken row)
            {
                StoredToken token = update.Token with { ExpiresAt = update.Token.ExpiresAt ?? row.ExpiresAt, SuspendedAt = update.Token.SuspendedAt ?? row.SuspendedAt };
                change = new TokenChange.Update(update.ChangeId, update.Now, token, update.LivingTokenLimit);
            }

            return await inner.CommitAsync(change, cancellationToken);
        },
    };

    private static AlteredStore NoticesCancellationTooLate() => new()
    {
        Commit = async (inner, change, cancellationToken) =>
        {
            CommitResult result = await inner.CommitAsync(change, CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            return result;
        },
    };
}
