namespace TokenKit.StoreConformance;

/// <summary>A clock that always tells the same instant.</summary>
internal sealed class StoppedClock(DateTimeOffset instant) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => instant;
}
