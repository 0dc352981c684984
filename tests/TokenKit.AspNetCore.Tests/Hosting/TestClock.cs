namespace TokenKit.AspNetCore.Tests.Hosting;

/// <summary>A clock that a test can put forward. Its timers are those of the system.</summary>
internal sealed class TestClock : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
}
