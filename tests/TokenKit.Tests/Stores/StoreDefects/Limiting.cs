using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using TokenKit.Stores;

namespace TokenKit.Tests.Stores.StoreDefects;

/// <summary>Stores that do not keep names unique, tokens few and numbers apart.</summary>
internal static class Limiting
{
    public static IReadOnlyList<StoreDefect> All { get; } =
    [
        new("IgnoresNameKeys", "Names_HolderExpired_KeyStaysTaken", () => new AlteredStore { IsNameTaken = (_, _, _) => false }),
        new("ChecksNamesOfIssuesOnly", "Names_EightUpdatesAtOnce_OneWins", () => new AlteredStore { IsNameTaken = (rows, change, row) => change is TokenChange.Issue && rows.IsNameTaken(row) }),
        new("MakesEveryNameUnique", "Names_WithoutKey_AreNotUnique", () => Comparing(row => row.NameKey ?? SHA256.HashData(Encoding.UTF8.GetBytes(row.Name)))) { IsBroad = true },
        new("ComparesHalfOfNameKeys", "Names_KeysThatDifferInOneBit_AreTwo", () => Comparing(row => row.NameKey?[..16])),
        new("AsksForTheCapFirst", "Names_TakenKeyAtTheCap_IsNameTaken", () => new AlteredStore { IsNameTaken = (rows, change, row) => !(rows.Read(change).Living >= change.Limit?.Most) && rows.IsNameTaken(row) }),
        new("ChecksNamesWithoutLock", "Names_EightWritersAtOnce_OneWins", ChecksNamesWithoutLock),
        new("IgnoresCaps", "Caps_Reached_AddsNothing", () => Living((_, _) => 0)),
        new("IgnoresCapsOfUpdates", "Caps_UpdateThatRevives_HonoursLimit", () => Living((rows, change) => change is TokenChange.Update ? 0 : rows.Read(change).Living)),
        new("CapsWhatItCountsItself", "Caps_UpdateOfLivingToken_IsNotLimited", () => new AlteredStore
        {
            Decide = (_, change, locked) => locked.Living >= change.Limit?.Most ? TokenDecision.Refuse(CommitOutcome.CapReached) : change.Decide(locked),
        }),
        new("CountsUsableTokensForCaps", "Caps_Suspended_Counts", () => Living((rows, change) => rows.CountLiving(change, row => !(row.ExpiresAt <= change.Now) && row.SuspendedAt is null))),
        new("CountsExpiredTokensForCaps", "Caps_RevokedAndExpired_DoNotCount", () => Living((rows, change) => rows.CountLiving(change, _ => true))),
        new("CountsAMicrosecondTooLong", "Caps_ExpiryAtNow_IsTheFirstInstantThatDoesNotCount", () => Living((rows, change) => rows.CountLiving(change, row => !(row.ExpiresAt < change.Now)))),
        new("CountsEveryKindForCaps", "Caps_OtherKindSubjectAndRealm_AreCountedApart", () => Living((rows, change) => change.Limit is { } limit ? rows.Unrevoked(change.Realm, SubjectFilter.For(limit.Subject)).Count() : null)),
        new("CountsCapsWithoutLock", "Caps_EightWritersAtOnce_LimitIsExact", () => new AlteredStore
        {
            ReadAhead = (rows, change) => change.Limit is null ? null : rows.Read(change),
            Read = (rows, change, ahead) => rows.Read(change) with { Living = ahead?.Living },
        }),
        new("GuardsNamedSubjectsOnly", "Caps_EightWritersAtOnceForNobody_LimitIsExact", () => new AlteredStore
        {
            ReadAhead = (rows, change) => change.Limit?.Subject.Length == 0 ? rows.Read(change) : null,
            Read = (rows, change, ahead) => ahead is null ? rows.Read(change) : rows.Read(change) with { Living = ahead.Living },
        }),
        new("NumbersAllRowsAlike", "Sequence_EightWritersAtOnce_IsNeverShared", () => new AlteredStore { Number = (_, _) => 1 }),
        new("NumbersRowsByCounting", "Sequence_NewestRowDeleted_IsNotUsedAgain", () => new AlteredStore { Number = (rows, _) => rows.All.Count + 1 }),
        new("NumbersRowsAnewWhenTheyChange", "Sequence_RowChanged_Stays", () => new AlteredStore { Keep = (_, former, row) => former is null ? row : row with { Sequence = former.Sequence + 1 } }) { IsBroad = true },
        new("NumbersRowsAsTheyAreGiven", "Sequence_GivenByCaller_IsIgnored", () => new AlteredStore { Number = (rows, row) => row.Sequence > 0 ? row.Sequence : rows.NextSequence() }),
    ];

    /// <summary>Counts living tokens otherwise.</summary>
    private static AlteredStore Living(Func<StoreRows, TokenChange, long?> count) => new()
    {
        Read = (rows, change, _) => rows.Read(change) with { Living = count(rows, change) },
    };

    /// <summary>Keeps something else of a row unique than its name key.</summary>
    private static AlteredStore Comparing(Func<StoredToken, byte[]?> key) => new()
    {
        IsNameTaken = (rows, _, row) => key(row) is { } wanted && rows.All.Any(other => other.Id != row.Id && key(other) is { } taken && taken.AsSpan().SequenceEqual(wanted)),
    };

    private static AlteredStore ChecksNamesWithoutLock()
    {
        ConcurrentDictionary<Guid, bool> taken = new();
        return new AlteredStore
        {
            ReadAhead = (rows, change) =>
            {
                if (change is not TokenChange.Issue { Token.NameKey: not null } issue)
                {
                    return null;
                }

                taken[issue.Token.Id] = rows.IsNameTaken(issue.Token);
                return rows.Read(change);
            },
            IsNameTaken = (rows, _, row) => taken.TryGetValue(row.Id, out bool isTaken) ? isTaken : rows.IsNameTaken(row),
        };
    }
}
