using TokenKit.Stores;

namespace TokenKit.Tests.Stores;

[TestClass]
public sealed class UnixMicrosecondsTests
{
    private const long FirstOfAll = -62_135_596_800_000_000;
    private const long LastOfAll = 253_402_300_799_999_999;

    [TestMethod]
    [DataRow(0L, "1970-01-01T00:00:00.000000Z")]
    [DataRow(1L, "1970-01-01T00:00:00.000001Z")]
    [DataRow(-1L, "1969-12-31T23:59:59.999999Z")]
    [DataRow(1_772_368_215_123_457L, "2026-03-01T12:30:15.123457Z")]
    [DataRow(FirstOfAll, "0001-01-01T00:00:00.000000Z")]
    [DataRow(LastOfAll, "9999-12-31T23:59:59.999999Z")]
    public void Microseconds_AndInstant_AreOneToOne(long microseconds, string instant)
    {
        var parsed = DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture);
        Assert.AreEqual(microseconds, UnixMicroseconds.From(parsed));
        Assert.IsTrue(parsed.ToUniversalTime().EqualsExact(UnixMicroseconds.ToInstant(microseconds)));
    }

    [TestMethod]
    [DataRow(19L, 1L)]
    [DataRow(10L, 1L)]
    [DataRow(9L, 0L)]
    [DataRow(-1L, -1L)]
    [DataRow(-10L, -1L)]
    [DataRow(-11L, -2L)]
    public void From_FinerInstant_CutsTowardsThePast(long ticks, long microseconds) =>
        Assert.AreEqual(microseconds, UnixMicroseconds.From(DateTimeOffset.UnixEpoch.AddTicks(ticks)));

    [TestMethod]
    public void From_LastTickOfAll_IsLastMicrosecond() => Assert.AreEqual(LastOfAll, UnixMicroseconds.From(DateTimeOffset.MaxValue));

    [TestMethod]
    public void From_OtherZone_IsTheSameInstant()
    {
        DateTimeOffset instant = new(2026, 3, 1, 18, 15, 15, TimeSpan.FromHours(5.75));
        Assert.AreEqual(UnixMicroseconds.From(instant.ToUniversalTime()), UnixMicroseconds.From(instant));
    }

    [TestMethod]
    [DataRow(FirstOfAll - 1)]
    [DataRow(LastOfAll + 1)]
    [DataRow(long.MinValue)]
    [DataRow(long.MaxValue)]
    public void ToInstant_OutsideAllYears_Throws(long microseconds) =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => UnixMicroseconds.ToInstant(microseconds));

    [TestMethod]
    public void Truncate_FinerInstantInOtherZone_IsWholeAndInUtc()
    {
        DateTimeOffset whole = new DateTimeOffset(2026, 3, 1, 12, 30, 15, TimeSpan.Zero).AddMicroseconds(7);
        Assert.IsTrue(whole.EqualsExact(UnixMicroseconds.Truncate(whole.AddTicks(9).ToOffset(TimeSpan.FromHours(-3)))));
    }
}
