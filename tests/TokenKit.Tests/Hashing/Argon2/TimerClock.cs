namespace TokenKit.Tests.Hashing.Argon2;

/// <summary>A clock that stands still until it is moved, with one timer, which it calls when that is due.</summary>
internal sealed class TimerClock : TimeProvider
{
    private long _now;
    private long _due = long.MaxValue;
    private Action? _callback;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _callback = () => callback(state);
        return new Timer(this);
    }

    public void Advance(TimeSpan time)
    {
        _now += time.Ticks;
        if (_now >= _due)
        {
            _due = long.MaxValue;
            _callback!();
        }
    }

    private sealed class Timer(TimerClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock._due = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : clock._now + dueTime.Ticks;
            return true;
        }

        public void Dispose() => clock._due = long.MaxValue;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
