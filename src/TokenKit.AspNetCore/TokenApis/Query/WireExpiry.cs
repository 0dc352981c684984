using System.Globalization;

namespace TokenKit.AspNetCore.TokenApis.Query;

/// <summary>
/// An expiry as the product's clients write it: a number of milliseconds, as the documents say, or of seconds, as its command line sends.
/// No real date is in doubt, since 10^11 is the year 5138 in seconds and 1973 in milliseconds. The number is kept with the token, to be shown
/// as it was written.
/// </summary>
internal static class WireExpiry
{
    private const long FirstMilliseconds = 100_000_000_000;

    private static readonly long FirstSecond = DateTimeOffset.MinValue.ToUnixTimeSeconds();
    private static readonly long LastMillisecond = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>The expiry of a token to issue. The product takes milliseconds for seconds, and so accepts any; seconds must be in the future.</summary>
    public static TokenExpiry ForNewToken(long number) =>
        number < FirstMilliseconds ? TokenExpiry.At(InstantOf(number)) : ForToken(number);

    /// <summary>The expiry of a token to change, of which the product demands nothing.</summary>
    public static TokenExpiry ForToken(long number) => TokenExpiry.AtEvenIfPassed(InstantOf(number));

    /// <summary>The number as it is kept with the token.</summary>
    public static string? Keep(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    /// <summary>The number that a token is shown with. One that never expires has its <c>updated_at</c> there.</summary>
    public static long NumberOf(ApiToken token) =>
        token.ExpiresAt is not { } expiresAt ? token.UpdatedAt.ToUnixTimeSeconds()
        : long.TryParse(token.WireData, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && InstantOf(number) == expiresAt ? number

        // The expiry was cut to that of the administrator's token, or came from the host.
        : expiresAt.ToUnixTimeMilliseconds();

    private static DateTimeOffset InstantOf(long number) => number < FirstMilliseconds
        ? DateTimeOffset.FromUnixTimeSeconds(Math.Max(number, FirstSecond))
        : DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(number, LastMillisecond));
}
