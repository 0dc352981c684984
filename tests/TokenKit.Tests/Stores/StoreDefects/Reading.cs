using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using TokenKit.StoreConformance;
using TokenKit.Stores;

namespace TokenKit.Tests.Stores.StoreDefects;

/// <summary>Stores that give back something else than they were given.</summary>
internal static class Reading
{
    public static IReadOnlyList<StoreDefect> All { get; } =
    [
        new("KeepsNothing", "Adding_NothingOptional_ReadsBackNulls", () => new AlteredStore { Find = (_, _, _) => Task.FromResult<StoredToken?>(null) }),
        new("InventsRows", "Finding_UnknownId_GivesNothing", InventsRows),
        new("LosesMicroseconds", "Adding_EveryColumnFilled_ReadsBackExactly", () => AlteredStore.Keeping(row => row with { CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt.ToUnixTimeMilliseconds()) })),
        new("KeepsEmptyTextAsNull", "Adding_EmptyTextsAndBytes_AreNotNull", () => AlteredStore.Keeping(row => row with { Actor = string.IsNullOrEmpty(row.Actor) ? null : row.Actor })),
        new("TrimsNames", "Texts_NamesThatLookAlike_ReadBackExactly", () => AlteredStore.Keeping(row => row with { Name = row.Name.TrimEnd() })),
        new("NormalizesNames", "Texts_NamesThatLookAlike_ReadBackExactly", () => AlteredStore.Keeping(row => row with { Name = row.Name.Normalize(NormalizationForm.FormC) })),
        new("CutsNames", "Texts_NamesOfTenThousandCharacters_ReadBackExactly", () => AlteredStore.Keeping(row => row with { Name = row.Name[..Math.Min(row.Name.Length, 4000)] })),
        new("WritesInCurrentCulture", "Environment_TurkishCulture_ChangesNothing", () => AlteredStore.Keeping(row => row with { Name = row.Name.Replace(".", CultureInfo.CurrentCulture.NumberFormat.NumberDecimalSeparator, StringComparison.Ordinal) })),
        new("KeepsLocalTime", "Environment_ZoneOtherThanUtc_ChangesNothing", () => AlteredStore.Keeping(row => row with { CreatedAt = new DateTimeOffset(row.CreatedAt.LocalDateTime.Ticks, TimeSpan.Zero) })),
        new("KeepsZones", "Instants_InOtherZones_ComeBackInUtc", () => AlteredStore.Keeping(row => row with { CreatedAt = row.CreatedAt.ToOffset(TimeSpan.FromHours(1)) })),
        new("SharesArrays", "Adding_ArraysWipedAfterwards_RowKeepsItsBytes", SharesArrays),
    ];

    private static AlteredStore InventsRows() => new()
    {
        Find = async (inner, id, cancellationToken) => await inner.FindAsync(id, cancellationToken)
            ?? new StoredToken { Id = id, Realm = "", Kind = "", Subject = "", Name = "", Scopes = "", Secret = new StoredSecret { Hint = "", Hash = "" }, CreatedAt = default, UpdatedAt = default },
    };

    private static AlteredStore SharesArrays()
    {
        ConcurrentDictionary<Guid, byte[]> tags = new();
        return AlteredStore.Keeping(row => row.Secret.Tag is null ? row : row.WithSecret(secret => secret with { Tag = tags.GetOrAdd(row.Id, row.Secret.Tag) }));
    }
}
