using System.Runtime.InteropServices;

namespace TokenKit.Verification;

/// <summary>A moment on both clocks: the monotonic one, which nobody sets but which may stand still while a machine sleeps, and the wall's.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Moment(long Timestamp, DateTimeOffset UtcNow)
{
    public static Moment Now(TimeProvider time) => new(time.GetTimestamp(), time.GetUtcNow());

    /// <summary>How long it is until a later moment, by the clock on which that is longer; more than anything when one of them went backwards.</summary>
    public TimeSpan Until(in Moment later, TimeProvider time)
    {
        TimeSpan monotonic = time.GetElapsedTime(Timestamp, later.Timestamp);
        TimeSpan wall = later.UtcNow - UtcNow;
        return monotonic < TimeSpan.Zero || wall < TimeSpan.Zero ? TimeSpan.MaxValue
            : monotonic < wall ? wall
            : monotonic;
    }
}
