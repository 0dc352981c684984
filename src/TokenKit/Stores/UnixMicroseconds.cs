namespace TokenKit.Stores;

/// <summary>Instants as stores keep them: whole microseconds since 1970-01-01T00:00:00Z.</summary>
public static class UnixMicroseconds
{
    /// <summary>The instant as whole microseconds; what is finer is cut off towards the past.</summary>
    /// <param name="instant">Any instant, in any zone.</param>
    public static long From(DateTimeOffset instant) =>
        Math.DivRem(instant.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks, TimeSpan.TicksPerMicrosecond) is var (whole, rest) && rest < 0
            ? whole - 1
            : whole;

    /// <summary>The instant of a number of microseconds, in UTC.</summary>
    /// <param name="microseconds">Whole microseconds; before the year 1 and after the year 9999 there is no instant.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such instant.</exception>
    public static DateTimeOffset ToInstant(long microseconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(microseconds, From(DateTimeOffset.MinValue));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(microseconds, From(DateTimeOffset.MaxValue));
        return DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
    }

    /// <summary>The instant in UTC without what is finer than a microsecond, so that it reads back from a store as it was written.</summary>
    internal static DateTimeOffset Truncate(DateTimeOffset instant) => ToInstant(From(instant));

    internal static DateTimeOffset? Truncate(DateTimeOffset? instant) => instant is { } known ? Truncate(known) : null;
}
