using TokenKit.Stores;

namespace TokenKit.Tests.Stores.StoreDefects;

/// <summary>Stores that judge by other rows than those which they have locked.</summary>
internal static class Locking
{
    public static IReadOnlyList<StoreDefect> All { get; } =
    [
        new("ReadsBeforeItLocks", "Updates_EightAtOnce_OneWinsPerVersion", () => new AlteredStore
        {
            ReadAhead = (rows, change) => rows.Read(change),
            Read = (rows, change, ahead) => ahead ?? rows.Read(change),
        }),
        new("ReadsActingTokensBeforeItLocks", "Acting_RevokedAtOnce_CommitsNothingAfterwards", () => new AlteredStore
        {
            ReadAhead = (rows, change) => change.Actor.Token is null ? null : rows.Read(change),
            Read = (rows, change, ahead) => ahead is null ? rows.Read(change) : WithActing(rows, change, ahead.Find(change.Actor.Token?.Id)),
        }),
        new("FindsTokensToRevokeBeforeItLocks", "RevokingAll_WhileTokensIssue_LeavesNoneThatTheyIssued", () => new AlteredStore
        {
            ReadAhead = (rows, change) => change is TokenChange.RevokeAll ? rows.Read(change) : null,
            Read = (rows, change, ahead) => ahead is null ? rows.Read(change) : Locked(rows, change, row => ahead.Find(row.Id) is not null),
        }),
        new("TakesActingTokensFromTheCaller", "Acting_RightLost_MakesNoChange", () => new AlteredStore
        {
            Read = (rows, change, _) => change.Actor.Token is { } acting ? WithActing(rows, change, RowOf(acting)) : rows.Read(change),
        }),
        new("DoesNotReadActingTokens", "Acting_TouchedAndRehashedMeanwhile_Acts", () => new AlteredStore { Read = (rows, change, _) => WithActing(rows, change, acting: null) }),
        new("FindsActingTokensInTheRealmOnly", "Acting_OfAnotherRealm_MakesNoChange", () => new AlteredStore { Read = (rows, change, _) => Locked(rows, change, row => row.Realm == change.Realm) }),
        new("FindsNoTokensOfNobody", "Subjects_RightOwner_CanRevokeAndDelete", () => new AlteredStore { Read = (rows, change, _) => Locked(rows, change, row => row.Subject.Length > 0) }),
        new("FindsUsableTokensOnly", "Revoking_ExpiredAndSuspendedToken_EndsIt", () => new AlteredStore { Read = (rows, change, _) => Locked(rows, change, row => row.SuspendedAt is null) }),
        new("FindsPartnersOfNoToken", "RevokingAll_Spared_StayAsTheyAreWithTheirPartners", () => new AlteredStore
        {
            Read = (rows, change, _) => rows.Read(change) with { Tokens = [.. rows.Read(change).Tokens.Select(row => row with { PredecessorId = null, SuccessorId = null })] },
        }),
        new("IgnoresMost", "RevokingAll_InSteps_RevokesNoMoreThanEachMay", () => new AlteredStore
        {
            Read = (rows, change, _) => change is TokenChange.RevokeAll all ? new LockedTokens([.. rows.Unrevoked(all.Realm, all.Owner)]) : rows.Read(change),
        }),
        new("CountsRevokedTokensInSteps", "RevokingAll_InSteps_RevokesNoMoreThanEachMay", () => new AlteredStore
        {
            Read = (rows, change, _) => change is TokenChange.RevokeAll { Most: { } most } all
                ? new LockedTokens(rows.List(new TokenQuery(all.Realm, all.Owner) { IncludeRevoked = true, Limit = most }).Tokens)
                : rows.Read(change),
        }),
        new("PassesOverTokensOfOneInstant", "RevokingAll_InStepsThatBeginWhereTheLastEnded_RevokesEach", () => Stepping((rows, from) => rows.Where(row => from is null || row.CreatedAt > from))),
        new("BeginsStepsWithTheNewest", "RevokingAll_InStepsThatBeginWhereTheLastEnded_RevokesEach", () => Stepping((rows, from) => rows.Reverse().Where(row => from is null || row.CreatedAt >= from))),
        new("GivesUpWhileOthersWrite", "Acting_OnEachOther_NeitherWaitsForEver", () => new AlteredStore
        {
            Patience = TimeSpan.Zero,
            Decide = (_, change, locked) =>
            {
                Thread.Sleep(1);
                return change.Decide(locked);
            },
        }),
    ];

    /// <summary>Makes steps of a revoke-all from rows, which come oldest first.</summary>
    private static AlteredStore Stepping(Func<IEnumerable<StoredToken>, DateTimeOffset?, IEnumerable<StoredToken>> rowsFrom) => new()
    {
        Read = (rows, change, _) => change is TokenChange.RevokeAll { Most: { } most } all
            ? new LockedTokens([.. rowsFrom(rows.Unrevoked(all.Realm, all.Owner).Reverse(), all.CreatedFrom).Take(most)])
            : rows.Read(change),
    };

    /// <summary>The rows that a change locks, without those that do not meet a condition.</summary>
    private static LockedTokens Locked(StoreRows rows, TokenChange change, Func<StoredToken, bool> isFound)
    {
        LockedTokens locked = rows.Read(change);
        return locked with { Tokens = [.. locked.Tokens.Where(isFound)] };
    }

    /// <summary>The rows that a change locks, with another one for the acting token, unless that is the target too.</summary>
    private static LockedTokens WithActing(StoreRows rows, TokenChange change, StoredToken? acting)
    {
        LockedTokens locked = rows.Read(change);
        return change.Actor.Token is not { } known || known.Id == change.Target
            ? locked
            : locked with { Tokens = [.. locked.Tokens.Where(row => row.Id != known.Id).Append(acting).OfType<StoredToken>()] };
    }

    /// <summary>What the caller saw of a token, as far as it is judged by that.</summary>
    private static StoredToken RowOf(ApiToken token) => PlainRow.Create(token.Scopes.ToString()) with
    {
        Id = token.Id,
        Realm = token.Realm,
        Subject = token.Subject,
        ExpiresAt = token.ExpiresAt,
        RevokedAt = token.RevokedAt,
        SuspendedAt = token.SuspendedAt,
    };
}
