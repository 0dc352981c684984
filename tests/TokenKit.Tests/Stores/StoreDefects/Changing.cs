using System.Collections.Concurrent;
using TokenKit.StoreConformance;
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
        new("RevokesForAnyOwner", "Subjects_ForeignOwner_CannotRevoke", () => Committing(change => change is TokenChange.Revoke revoke ? new TokenChange.Revoke(revoke.ChangeId, revoke.Now, revoke.Ids[0], revoke.Realm, SubjectFilter.Any, revoke.Actor) : change)),
        new("DeletesForAnyOwner", "Subjects_ForeignOwner_CannotDelete", () => Committing(change => change is TokenChange.Delete delete ? new TokenChange.Delete(delete.ChangeId, delete.Now, delete.Ids[0], delete.Realm, SubjectFilter.Any, delete.Actor) : change)),
        new("NeedsNamedOwner", "Subjects_RightOwner_CanRevokeAndDelete", () => Refusing(CommitOutcome.NotFound, (_, change) => change is not TokenChange.Issue and { Owner: SubjectFilter.NoSubject })),
        new("KeepsWhatIsNull", "Updates_NullsAndEmptyTexts_AreWritten", KeepsWhatIsNull),
        new("WritesLastUseWithUpdate", "Updates_TouchedSinceItWasRead_KeepLastUse", () => Answering((change, row) => change is TokenChange.Update update ? row with { LastUsedAt = update.Token.LastUsedAt } : row)),
        new("IgnoresNewSecrets", "Updates_WithSecret_WriteWhatBelongsToIt", () => Committing(change => change is TokenChange.Update update ? update with { Secret = null } : change)),
        new("AlwaysWritesSecrets", "Updates_EveryColumnDifferent_WriteWhatMayChange", () => Committing(change => change is TokenChange.Update update ? update with { Secret = update.Token.Secret } : change)),
        new("KeepsPartsOfFormerSecrets", "Updates_WithSecretOfFewerParts_LeaveNoneOfTheFormer", () => Answering((change, row) => change is TokenChange.Update { Secret: not null } ? row.WithSecret(secret => secret with { RecoverableCopy = row.Secret.RecoverableCopy ?? [0] }) : row)),
        new("SwallowsSecretsOfRevokedTokens", "Updates_WithSecretOfRevokedToken_AreNotFound", () => Refusing(CommitOutcome.Done, (row, change) => change is TokenChange.Update { Secret: not null } && row?.RevokedAt is not null)),
        new("LastWriterWinsWithSecrets", "Updates_WithSecretOfOtherVersion_AreStaleAndChangeNothing", LastWriterWins),
        new("LastWriterWinsWithSecretsAtOnce", "Updates_WithSecretEightAtOnce_LeaveOneWhole", LastWriterWins),
        new("ForgetsIdsOfNewSecrets", "Repeats_UpdateWithSecret_BringsNoFormerSecretBack", () => Committing(change => change is TokenChange.Update ? WithNewId(change) : change)),
        new("RevokesLivingTokensOnly", "Revoking_ExpiredAndSuspendedToken_EndsIt", () => Refusing(CommitOutcome.NotFound, (row, change) => change is TokenChange.Revoke && row?.SuspendedAt is not null)),
        new("RevokesAgain", "Revoking_Again_ChangesNothing", () => Answering((change, row) => change is TokenChange.Revoke ? row with { RevokedAt = change.Now } : row)),
        new("IgnoresCancellationOfChanges", "Cancellation_BeforeChanges_WritesNothing", () => new AlteredStore { Commit = async (inner, change, _) => await inner.CommitAsync(change, CancellationToken.None) }),
        new("NoticesCancellationTooLate", "Cancellation_BeforeChanges_WritesNothing", NoticesCancellationTooLate),
        new("RehashesWhateverTheHash", "Rehashing_OtherHash_IsStaleAndChangesNothing", RehashesWhateverTheHash),
        new("ComparesHashesWithoutCase", "Rehashing_OtherHash_IsStaleAndChangesNothing", ComparesHashesWithoutCase),
        new("RehashesForAnyOwner", "Rehashing_UnknownOrForeignToken_IsNotFound", RehashesForAnyOwner),
        new("CountsRehashAsChange", "Rehashing_SinceItWasRead_LetsUpdateThrough", CountsRehashAsChange),
        new("RehashesHashOnly", "Rehashing_SameHash_WritesMarks", () => Rehashing((rehash, row) => rehash.Token.WithSecret(secret => secret with
        {
            Tag = row.Secret.Tag,
            KeyId = row.Secret.KeyId,
            Verifier = row.Secret.Verifier,
        }))),
        new("RehashKeepsWhatIsNull", "Rehashing_NullMarks_AreWritten", () => Rehashing((rehash, row) => rehash.Token.WithSecret(secret => secret with { Tag = rehash.Token.Secret.Tag ?? row.Secret.Tag, Verifier = rehash.Token.Secret.Verifier ?? row.Secret.Verifier }))),
        new("RehashesLivingTokensOnly", "Rehashing_ExpiredAndSuspendedToken_IsDone", () => Refusing(CommitOutcome.NotFound, (row, change) => change is TokenChange.Rehash && row?.SuspendedAt is not null)),
        new("WritesWholeRowWithRehash", "Rehashing_EveryColumnDifferent_WritesHashAndMarksOnly", () => Answering((change, row) => change is TokenChange.Rehash rehash ? row with { Scopes = rehash.Token.Scopes } : row)),
        new("MovesUpdatedAtWithRehash", "Rehashing_UpdatedAndTouchedSinceItWasRead_KeepsBoth", MovesUpdatedAtWithRehash),
        new("RehashesRevokedTokens", "Rehashing_RevokedToken_IsNotFound", RehashesRevokedTokens),
        new("ForgetsIdsOfRehashes", "Rehashing_Again_ChangesNothing", () => Committing(change => change is TokenChange.Rehash rehash ? new TokenChange.Rehash(Guid.NewGuid(), rehash.Now, rehash.Token, rehash.ExpectedHash, rehash.Actor) : change)),
    ];

    private static AlteredStore RehashesWhateverTheHash() => new()
    {
        Commit = async (inner, change, cancellationToken) =>
            change is TokenChange.Rehash rehash && await inner.FindAsync(rehash.Ids[0], cancellationToken) is StoredToken row
                ? await inner.CommitAsync(new TokenChange.Rehash(rehash.ChangeId, rehash.Now, rehash.Token, row.Secret.Hash, rehash.Actor), cancellationToken)
                : await inner.CommitAsync(change, cancellationToken),
    };

    private static AlteredStore ComparesHashesWithoutCase() => new()
    {
        Commit = async (inner, change, cancellationToken) =>
            change is TokenChange.Rehash rehash && await inner.FindAsync(rehash.Ids[0], cancellationToken) is StoredToken row
            && string.Equals(row.Secret.Hash, rehash.ExpectedHash, StringComparison.OrdinalIgnoreCase)
                ? await inner.CommitAsync(new TokenChange.Rehash(rehash.ChangeId, rehash.Now, rehash.Token, row.Secret.Hash, rehash.Actor), cancellationToken)
                : await inner.CommitAsync(change, cancellationToken),
    };

    private static AlteredStore RehashesRevokedTokens() => new()
    {
        Commit = async (inner, change, cancellationToken) =>
            change is TokenChange.Rehash rehash && await inner.FindAsync(rehash.Ids[0], cancellationToken) is { RevokedAt: not null } row
                ? new CommitResult(CommitOutcome.Done, row)
                : await inner.CommitAsync(change, cancellationToken),
    };

    private static AlteredStore RehashesForAnyOwner() => new()
    {
        Commit = async (inner, change, cancellationToken) =>
            change is TokenChange.Rehash rehash && await inner.FindAsync(rehash.Ids[0], cancellationToken) is StoredToken row
                ? await inner.CommitAsync(
                    new TokenChange.Rehash(rehash.ChangeId, rehash.Now, rehash.Token with { Realm = row.Realm, Subject = row.Subject }, rehash.ExpectedHash, rehash.Actor),
                    cancellationToken)
                : await inner.CommitAsync(change, cancellationToken),
    };

    private static AlteredStore CountsRehashAsChange()
    {
        ConcurrentDictionary<Guid, bool> rehashed = new();
        return new AlteredStore
        {
            Commit = async (inner, change, cancellationToken) =>
            {
                if (change is TokenChange.Update update && rehashed.TryRemove(update.Ids[0], out _))
                {
                    return new CommitResult(CommitOutcome.Stale);
                }

                CommitResult result = await inner.CommitAsync(change, cancellationToken);
                if (result.Outcome == CommitOutcome.Done && change is TokenChange.Rehash rehash)
                {
                    rehashed[rehash.Ids[0]] = true;
                }

                return result;
            },
        };
    }

    private static AlteredStore MovesUpdatedAtWithRehash()
    {
        ConcurrentDictionary<Guid, DateTimeOffset> rehashed = new();
        return new AlteredStore
        {
            Commit = async (inner, change, cancellationToken) =>
            {
                if (change is TokenChange.Rehash rehash)
                {
                    rehashed[rehash.Ids[0]] = rehash.Now;
                }

                return await inner.CommitAsync(change, cancellationToken);
            },
            Find = async (inner, id, cancellationToken) => await inner.FindAsync(id, cancellationToken) is StoredToken row
                ? row with { UpdatedAt = rehashed.TryGetValue(id, out DateTimeOffset at) ? at : row.UpdatedAt }
                : null,
        };
    }

    /// <summary>Makes rehashes of something else than was asked for.</summary>
    private static AlteredStore Rehashing(Func<TokenChange.Rehash, StoredToken, StoredToken> alter) => new()
    {
        Commit = async (inner, change, cancellationToken) =>
            change is TokenChange.Rehash rehash && await inner.FindAsync(rehash.Ids[0], cancellationToken) is StoredToken row
                ? await inner.CommitAsync(new TokenChange.Rehash(rehash.ChangeId, rehash.Now, alter(rehash, row), rehash.ExpectedHash, rehash.Actor), cancellationToken)
                : await inner.CommitAsync(change, cancellationToken),
    };

    private static AlteredStore Committing(Func<TokenChange, TokenChange> alter) => new()
    {
        Commit = async (inner, change, cancellationToken) => await inner.CommitAsync(alter(change), cancellationToken),
    };

    private static TokenChange WithNewId(TokenChange change) => change switch
    {
        TokenChange.Issue issue => new TokenChange.Issue(Guid.NewGuid(), issue.Now, issue.Token, issue.LivingTokenLimit, issue.Actor),
        TokenChange.Update update => new TokenChange.Update(Guid.NewGuid(), update.Now, update.Token, update.LivingTokenLimit, update.Actor) { Secret = update.Secret },
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
                long version = (await inner.FindAsync(update.Ids[0], cancellationToken))!.Version;
                var again = new TokenChange.Update(update.ChangeId, update.Now, update.Token with { Version = version }, update.LivingTokenLimit, update.Actor) { Secret = update.Secret };
                result = await inner.CommitAsync(again, cancellationToken);
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
            isRefused(change is TokenChange.Issue ? null : await inner.FindAsync(change.Ids[0], cancellationToken), change)
                ? new CommitResult(outcome)
                : await inner.CommitAsync(change, cancellationToken),
    };

    private static AlteredStore KeepsWhatIsNull() => new()
    {
        Commit = async (inner, change, cancellationToken) =>
        {
            if (change is TokenChange.Update update && await inner.FindAsync(update.Ids[0], cancellationToken) is StoredToken row)
            {
                StoredToken token = update.Token with { ExpiresAt = update.Token.ExpiresAt ?? row.ExpiresAt, SuspendedAt = update.Token.SuspendedAt ?? row.SuspendedAt };
                change = new TokenChange.Update(update.ChangeId, update.Now, token, update.LivingTokenLimit, update.Actor);
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
