using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace TokenKit.TestKit;

/// <summary>A clock that stands still until a test moves it.</summary>
/// <remarks>
/// It differs from <see cref="FakeTimeProvider"/> in two ways. Its wall side and its monotonic side can be moved apart, as when a machine sleeps
/// or its clock is set. And its timers are the system's: a host's background work goes on while the clock stands, and no work starts because a
/// test moves the clock. Where a test is about a timer itself, it takes a <see cref="FakeTimeProvider"/>.
/// </remarks>
/// <param name="now">Where it stands first.</param>
public sealed class TestClock(DateTimeOffset now) : FakeTimeProvider(now)
{
    private long _monotonicAhead;

    public TestClock()
        : this(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>The longest that a timer takes, whatever was asked for: so that a test needs not wait.</summary>
    public TimeSpan LongestTimer { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>How long timers should have taken.</summary>
    public ConcurrentQueue<TimeSpan> AskedTimers { get; } = new();

    public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _monotonicAhead);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        AskedTimers.Enqueue(dueTime);
        return System.CreateTimer(callback, state, Shorten(dueTime), Shorten(period));
    }

    /// <summary>Sets the wall clock alone.</summary>
    public void SetWall(TimeSpan difference)
    {
        AdjustTime(GetUtcNow() + difference);
        MoveMonotonic(-difference);
    }

    /// <summary>Moves the monotonic clock alone.</summary>
    public void MoveMonotonic(TimeSpan difference) => Interlocked.Add(ref _monotonicAhead, difference.Ticks);

    private TimeSpan Shorten(TimeSpan time) => LongestTimer != Timeout.InfiniteTimeSpan && time > LongestTimer ? LongestTimer : time;
}
