namespace TokenKit.TestKit;

/// <summary>A clock that stands still until it is moved. Its monotonic side and its wall side can be moved apart.</summary>
public sealed class TestClock : TimeProvider
{
    private long _wall = new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero).UtcTicks;
    private long _monotonic = TimeSpan.FromDays(1).Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _wall), TimeSpan.Zero);

    public override long GetTimestamp() => Interlocked.Read(ref _monotonic);

    /// <summary>Time passes.</summary>
    public void Advance(TimeSpan time)
    {
        SetWall(time);
        MoveMonotonic(time);
    }

    /// <summary>Somebody sets the wall clock, or it alone goes on.</summary>
    public void SetWall(TimeSpan difference) => Interlocked.Add(ref _wall, difference.Ticks);

    public void MoveMonotonic(TimeSpan difference) => Interlocked.Add(ref _monotonic, difference.Ticks);
}
