using System.Globalization;

namespace TokenKit.StoreConformance.Cases;

/// <summary>Neither the culture, the zone nor the settings of the process have a say in what is stored.</summary>
internal static class Environments
{
    // The zone belongs to the whole process: cases that turn it take turns.
    private static readonly SemaphoreSlim ZoneTurn = new(1, 1);

    public static IReadOnlyList<StoreCase> Cases { get; } =
    [
        StoreCase.Of(Environment_TurkishCulture_ChangesNothing),
        StoreCase.Of(Environment_PersianCulture_ChangesNothing),
        StoreCase.Of(Environment_ZoneOtherThanUtc_ChangesNothing),
        StoreCase.Of(Environment_HostileSettings_ChangeNothing),
    ];

    // The upper case of i is not I.
    private static Task Environment_TurkishCulture_ChangesNothing(IStoreFixture fixture) => TourInCultureAsync(fixture, "tr-TR");

    // Another calendar, other digits, another minus sign.
    private static Task Environment_PersianCulture_ChangesNothing(IStoreFixture fixture) => TourInCultureAsync(fixture, "fa-IR");

    private static async Task TourInCultureAsync(IStoreFixture fixture, string name)
    {
        (CultureInfo culture, CultureInfo uiCulture) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(name);
            await Tour.MakeAsync(fixture);
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, uiCulture);
        }
    }

    private static async Task Environment_ZoneOtherThanUtc_ChangesNothing(IStoreFixture fixture)
    {
        await ZoneTurn.WaitAsync();
        string? zone = Environment.GetEnvironmentVariable("TZ");
        try
        {
            // Where the variable is not heeded (Windows), the case runs in the zone of the machine.
            Environment.SetEnvironmentVariable("TZ", "Asia/Kathmandu");
            TimeZoneInfo.ClearCachedData();
            await Tour.MakeAsync(fixture);
        }
        finally
        {
            Environment.SetEnvironmentVariable("TZ", zone);
            TimeZoneInfo.ClearCachedData();
            ZoneTurn.Release();
        }
    }

    private static async Task Environment_HostileSettings_ChangeNothing(IStoreFixture fixture)
    {
        fixture.MakeHostile();
        await Tour.MakeAsync(fixture);
    }
}
