using TokenKit.StoreConformance;
using TokenKit.Stores;

namespace TokenKit.Tests.Stores.StoreDefects;

/// <summary>Stores that leave columns out of what they write, or write too many.</summary>
internal static class Writing
{
    public static IReadOnlyList<StoreDefect> All { get; } =
    [
        new("KeepsWhatIsNull", "Updates_NullsAndEmptyTexts_AreWritten", () => Changing((_, former, row) => row with { ExpiresAt = row.ExpiresAt ?? former.ExpiresAt, SuspendedAt = row.SuspendedAt ?? former.SuspendedAt })),
        new("KeepsNameKeysThatAreNull", "Names_HolderRevoked_KeyIsFree", () => Changing((_, former, row) => row with { NameKey = row.NameKey ?? former.NameKey })),
        new("KeepsNameKeysOfAllRevoked", "Names_HolderRevokedWithAll_KeyIsFree", () => Changing((change, former, row) => change is TokenChange.RevokeAll ? row with { NameKey = former.NameKey } : row)),
        new("KeepsVersions", "Updates_EightAtOnce_OneWinsPerVersion", () => Changing((_, former, row) => row with { Version = former.Version })) { IsBroad = true },
        new("LosesLastUseWithUpdate", "Updates_TouchedSinceItWasRead_KeepLastUse", () => Changing((_, _, row) => row with { LastUsedAt = null })),
        new("WritesLastUseAsItWasRead", "Touching_WhileTokenChanges_LatestStays", () => new AlteredStore
        {
            ReadAhead = (rows, change) => change is TokenChange.Update ? rows.Read(change) : null,
            Read = (rows, change, ahead) => ahead is null ? rows.Read(change) : new LockedTokens([.. rows.Read(change).Tokens.Select(row => row with { LastUsedAt = ahead.Find(row.Id)?.LastUsedAt })]),
            Keep = (_, _, row) => row,
        }),
        new("IgnoresNewSecrets", "Updates_WithSecret_WriteWhatBelongsToIt", () => Changing((change, former, row) => change is TokenChange.Update ? row with { Secret = former.Secret } : row)),
        new("KeepsPartsOfFormerSecrets", "Updates_WithSecretOfFewerParts_LeaveNoneOfTheFormer", () => Changing((change, former, row) => change is TokenChange.Update ? row.WithSecret(secret => secret with { RecoverableCopy = secret.RecoverableCopy ?? former.Secret.RecoverableCopy }) : row)),
        new("KeepsCopiesOfRevokedTokens", "Revoking_LivingToken_EndsItAndErases", () => Changing((change, former, row) => change is TokenChange.Revoke ? row with { Secret = former.Secret } : row)),
        new("KeepsCopiesOfAllRevoked", "RevokingAll_EveryState_EndsItAndErases", () => Changing((change, former, row) => change is TokenChange.RevokeAll ? row with { Secret = former.Secret } : row)),
        new("WritesHashesOnly", "Rehashing_SameHash_WritesMarks", () => Changing((change, former, row) => change is TokenChange.Rehash ? row with { Secret = former.Secret with { Hash = row.Secret.Hash } } : row)),
        new("KeepsMarksThatAreNull", "Rehashing_NullMarks_AreWritten", () => Changing((change, former, row) => change is TokenChange.Rehash
            ? row.WithSecret(secret => secret with { Tag = secret.Tag ?? former.Secret.Tag, Verifier = secret.Verifier ?? former.Secret.Verifier })
            : row)),
        new("WritesWholeRowsWithRehash", "Rehashing_EveryColumnDifferent_WritesHashAndMarksOnly", () => Changing((change, _, row) => change is TokenChange.Rehash rehash ? row with { Scopes = rehash.Token.Scopes } : row)),
        new("CountsRehashAsChange", "Rehashing_SinceItWasRead_LetsUpdateThrough", () => Changing((change, _, row) => change is TokenChange.Rehash ? row with { Version = row.Version + 1 } : row)),
        new("MovesUpdatedAtWithRehash", "Rehashing_UpdatedAndTouchedSinceItWasRead_KeepsBoth", () => Changing((change, _, row) => change is TokenChange.Rehash ? row with { UpdatedAt = change.Now } : row)),
        new("LeavesRemovedRows", "Deleting_Token_FreesItsId", () => new AlteredStore { Decide = (_, change, locked) => change.Decide(locked) with { Removed = null } }),
        new("IgnoresCancellationOfChanges", "Cancellation_BeforeChanges_WritesNothing", () => new AlteredStore { Notices = call => call is TokenChange ? Noticing.Never : Noticing.Before }),
        new("NoticesCancellationTooLate", "Cancellation_BeforeChanges_WritesNothing", () => new AlteredStore { Notices = call => call is TokenChange ? Noticing.Afterwards : Noticing.Before }),
    ];

    /// <summary>Writes rows that it replaces otherwise.</summary>
    private static AlteredStore Changing(Func<TokenChange, StoredToken, StoredToken, StoredToken> alter) => new()
    {
        Keep = (change, former, row) => former is null ? row : alter(change, former, row),
    };
}
