using TokenKit.Stores;

namespace TokenKit.Tests.Stores.StoreDefects;

/// <summary>Stores that do something else than was decided.</summary>
internal static class Deciding
{
    public static IReadOnlyList<StoreDefect> All { get; } =
    [
        new("IgnoresRefusals", "Subjects_ForeignOwner_CannotRevoke", () => Refusing((_, _) => true)),
        new("IgnoresRefusalsOfActors", "Acting_RightLost_MakesNoChange", () => Refusing((_, outcome) => outcome == CommitOutcome.ActorLost)),
        new("LastWriterWins", "Updates_WithSecretOfOtherVersion_AreStaleAndChangeNothing", () => Refusing((change, outcome) => change is TokenChange.Update && outcome == CommitOutcome.Stale)),
        new("ChangesRevokedTokens", "Updates_RevokedMeanwhile_NeverUndoIt", () => Refusing((change, outcome) => change is TokenChange.Update && outcome == CommitOutcome.NotFound)),
        new("RehashesWhateverTheHash", "Rehashing_OtherHash_IsStaleAndChangesNothing", () => Refusing((change, outcome) => change is TokenChange.Rehash && outcome == CommitOutcome.Stale)),
        new("WritesThoughItAnswersARefusal", "Updates_OtherVersion_IsStaleAndChangesNothing", WritesThoughItAnswersARefusal),
        new("ReplacesRowsOfTakenIds", "Adding_TakenId_IsDuplicate", () => new AlteredStore
        {
            Decide = (rows, change, locked) => change.Decide(locked) is { Added: { } added } decision && rows.Find(added.Id) is { } row
                ? decision with { Added = null, Changed = [added with { Sequence = row.Sequence }] }
                : change.Decide(locked),
        }),
        new("WritesExpiriesAsAsked", "Acting_ExpiryShortenedMeanwhile_GivesNoPowerBeyondIt", () => Keeping((change, row) => change switch
        {
            TokenChange.Issue issue => row with { ExpiresAt = issue.Token.ExpiresAt },
            TokenChange.Update { ExpiresAt.HasValue: true } update => row with { ExpiresAt = update.ExpiresAt.Value },
            _ => row,
        })),
        new("WritesScopesAsAsked", "Acting_ScopesNarrowedMeanwhile_PassesOnWhatIsLeft", () => Keeping((change, row) => change is TokenChange.Issue issue ? row with { Scopes = issue.Token.Scopes } : row)),
        new("CutsEveryExpiry", "Acting_PowerNotGiven_LeavesTheExpiryAlone", () => Keeping((change, row) => change.Actor.Token?.ExpiresAt is { } end && !(row.ExpiresAt <= end) ? row with { ExpiresAt = end } : row)),
        new("AnswersOnlyWithTheOutcome", "Acting_ExpiryShortenedMeanwhile_GivesNoPowerBeyondIt", () => new AlteredStore { Answer = (_, result) => new CommitResult(result.Outcome, result.Token) }),
        new("WritesAThousandRowsAtMost", "RevokingAll_MoreThanAThousand_AreRevokedAtOnce", () => WritingAtMost(1000)),
        new("WritesOneRowOfMany", "RevokingAll_WhileOthersIssue_ReachesWhatWasAnsweredBefore", () => WritingAtMost(1)),
        new("RevokesRowsThatItDidNotLock", "RevokingAll_Spared_StayAsTheyAreWithTheirPartners", () => RevokingAll((rows, all) => rows.Unrevoked(all.Realm, all.Owner))),
        new("RevokesTheWholeRealm", "RevokingAll_OtherSubjectsAndRealms_StayAsTheyAre", () => RevokingAll((rows, all) => rows.Unrevoked(all.Realm, SubjectFilter.Any))),
        new("CountsOneTooMany", "RevokingAll_NothingThere_RevokesNothing", () => new AlteredStore { Answer = (_, result) => result with { Written = result.Written + 1 } }),
        new("WantsActingTokensAsTheyWereSeen", "Acting_TouchedAndRehashedMeanwhile_Acts", () => new AlteredStore
        {
            Decide = (_, change, locked) => change.Actor.Token is { } acting && locked.Tokens.Any(row => row.Id == acting.Id && row.LastUsedAt != acting.LastUsedAt)
                ? TokenDecision.Refuse(CommitOutcome.ActorLost, RejectionReason.ActorEnded)
                : change.Decide(locked),
        }),
    ];

    /// <summary>Does some of what was refused all the same.</summary>
    private static AlteredStore Refusing(Func<TokenChange, CommitOutcome, bool> isIgnored) => new()
    {
        Decide = (rows, change, locked) =>
        {
            TokenDecision decision = change.Decide(locked);
            return isIgnored(change, decision.Result.Outcome) ? AsAsked(rows, change, decision) : decision;
        },
    };

    /// <summary>What a change asks for, whatever was decided.</summary>
    private static TokenDecision AsAsked(StoreRows rows, TokenChange change, TokenDecision decision)
    {
        if (decision.Result.Outcome == CommitOutcome.Done)
        {
            return decision;
        }

        if (change is TokenChange.Issue { Token: { } wanted })
        {
            return new TokenDecision(new CommitResult(CommitOutcome.Done, wanted)) { Added = wanted };
        }

        if (change.Target is not { } id || rows.Find(id) is not { } row)
        {
            return new TokenDecision(new CommitResult(CommitOutcome.Done));
        }

        return change switch
        {
            TokenChange.Update update => TokenDecision.Change(row with { Name = update.Name.Or(row.Name), Secret = update.Secret ?? row.Secret, RevokedAt = null }),
            TokenChange.Rehash rehash => TokenDecision.Change(row with { Secret = rehash.Token.Secret }),
            TokenChange.Revoke => TokenDecision.Change(row with { RevokedAt = change.Now }),
            _ => new TokenDecision(new CommitResult(CommitOutcome.Done)) { Removed = id },
        };
    }

    private static AlteredStore WritesThoughItAnswersARefusal() => new()
    {
        Decide = (rows, change, locked) =>
        {
            TokenDecision decision = change.Decide(locked);
            foreach (StoredToken row in AsAsked(rows, change, decision).Changed)
            {
                rows.Put(row);
            }

            return decision;
        },
    };

    /// <summary>Writes other rows than were decided.</summary>
    private static AlteredStore Keeping(Func<TokenChange, StoredToken, StoredToken> alter) => new() { Keep = (change, _, row) => alter(change, row) };

    private static AlteredStore WritingAtMost(int count) => new()
    {
        Decide = (_, change, locked) =>
        {
            TokenDecision decision = change.Decide(locked);
            return decision with { Changed = [.. decision.Changed.Take(count)] };
        },
    };

    /// <summary>Revokes by a condition of its own what a revoke-all should revoke.</summary>
    private static AlteredStore RevokingAll(Func<StoreRows, TokenChange.RevokeAll, IEnumerable<StoredToken>> find) => new()
    {
        Decide = (rows, change, locked) => change.Decide(locked) is { Changed.Count: > 0 } decision && change is TokenChange.RevokeAll all
            ? decision with { Changed = [.. find(rows, all).Select(row => row with { RevokedAt = all.Now, UpdatedAt = all.Now, Version = row.Version + 1, NameKey = null })] }
            : change.Decide(locked),
    };
}
