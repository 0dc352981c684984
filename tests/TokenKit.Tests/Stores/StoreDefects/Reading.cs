using System.Collections.Concurrent;
using System.Globalization;
using TokenKit.Stores;

namespace TokenKit.Tests.Stores.StoreDefects;

/// <summary>Stores that give back something else than they were given.</summary>
internal static class Reading
{
    public static IReadOnlyList<StoreDefect> All { get; } =
    [
        new("KeepsNothing", "Adding_NothingOptional_ReadsBackNulls", () => new AlteredStore { Find = (_, _) => null }) { IsBroad = true },
        new("InventsRows", "Finding_UnknownId_GivesNothing", () => new AlteredStore { Find = (rows, id) => rows.Find(id) ?? PlainRow.Create() with { Id = id } }),
        new("FindsWhatWasThereBefore", "Adding_OnOneInstance_IsFoundByAnotherAtOnce", FindsWhatWasThereBefore) { IsBroad = true },
        new("FindsIdsInEitherOrderOfBytes", "Texts_IdsThatDifferByOrderOfBytes_AreDifferent", () => new AlteredStore { Find = (rows, id) => rows.Find(new Guid(id.ToByteArray(), bigEndian: true)) ?? rows.Find(id) }),
        new("LosesMicroseconds", "Adding_EveryColumnFilled_ReadsBackExactly", () => Keeping(row => row with { CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt.ToUnixTimeMilliseconds()) })) { IsBroad = true },
        new("KeepsEmptyTextAsNull", "Adding_EmptyTextsAndBytes_AreNotNull", () => Keeping(row => row with { Actor = string.IsNullOrEmpty(row.Actor) ? null : row.Actor })),
        new("KeepsNullAsEmptyText", "Adding_NothingOptional_ReadsBackNulls", () => Keeping(row => row with { Actor = row.Actor ?? "" })) { IsBroad = true },
        new("CutsActors", "Adding_LongestTexts_ReadBackExactly", () => Keeping(row => row with { Actor = row.Actor?[..Math.Min(row.Actor.Length, 255)] })),
        new("TrimsNames", "Texts_NamesThatLookAlike_ReadBackExactly", () => Keeping(row => row with { Name = row.Name.TrimEnd() })),
        new("ComposesNames", "Texts_NamesThatLookAlike_ReadBackExactly", () => Keeping(row => row with { Name = row.Name.Replace("e\u0301", "\u00E9", StringComparison.Ordinal) })),
        new("CutsNames", "Texts_NamesOfTenThousandCharacters_ReadBackExactly", () => Keeping(row => row with { Name = row.Name[..Math.Min(row.Name.Length, 4000)] })),
        new("WritesInCurrentCulture", "Environment_TurkishCulture_ChangesNothing", () => Keeping(row => row with { Name = row.Name.Replace(".", CultureInfo.CurrentCulture.NumberFormat.NumberDecimalSeparator, StringComparison.Ordinal) })),
        new("KeepsLocalTime", "Environment_ZoneOtherThanUtc_ChangesNothing", () => Keeping(row => row with { CreatedAt = new DateTimeOffset(row.CreatedAt.LocalDateTime.Ticks, TimeSpan.Zero) })),
        new("KeepsZones", "Instants_InOtherZones_ComeBackInUtc", () => Keeping(row => row with { CreatedAt = row.CreatedAt.ToOffset(TimeSpan.FromHours(1)) })) { IsBroad = true },
        new("KeepsNothingBeforeTheEpoch", "Instants_AllTheYears_ReadBackExactly", () => Keeping(row => row with { CreatedAt = row.CreatedAt < DateTimeOffset.UnixEpoch ? DateTimeOffset.UnixEpoch : row.CreatedAt })),
        new("SharesArrays", "Adding_ArraysWipedAfterwards_RowKeepsItsBytes", () => new AlteredStore { Copy = row => row }),
        new("AnswersWithoutSequence", "Adding_Row_AnswersWithWhatIsStored", () => new AlteredStore { Answer = (change, result) => change is TokenChange.Issue issue && result.Token is not null ? result with { Token = issue.Token } : result }) { IsBroad = true },
    ];

    /// <summary>A store that keeps rows otherwise than they were given.</summary>
    public static AlteredStore Keeping(Func<StoredToken, StoredToken> keep) => new() { Keep = (_, _, row) => keep(row) };

    /// <summary>Keeps what it found once.</summary>
    private static AlteredStore FindsWhatWasThereBefore()
    {
        ConcurrentDictionary<Guid, StoredToken> found = new();
        return new AlteredStore { Find = (rows, id) => rows.Find(id) is { } row ? found.GetOrAdd(id, row) : null };
    }
}
