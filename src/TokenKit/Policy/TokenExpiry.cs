namespace TokenKit;

/// <summary>When a token should expire.</summary>
public abstract record TokenExpiry
{
    private TokenExpiry()
    {
    }

    /// <summary>After the <see cref="TokenPolicyOptions.DefaultLifetime"/> of the kind, counted from the token's creation.</summary>
    public static TokenExpiry Default { get; } = new ByPolicy();

    /// <summary>Never, where <see cref="TokenPolicyOptions.MayNeverExpire"/> allows it.</summary>
    public static TokenExpiry Never { get; } = new NoExpiry();

    /// <summary>So long after now.</summary>
    /// <param name="lifetime">The time; more than zero.</param>
    public static TokenExpiry After(TimeSpan lifetime) => new Relative(lifetime);

    /// <summary>At an instant: the token is valid strictly before it.</summary>
    /// <param name="instant">The instant, in any zone; what is finer than a microsecond is cut off.</param>
    public static TokenExpiry At(DateTimeOffset instant) => new Absolute(instant);

    /// <summary>At an instant that may have passed already: the token is then expired from the start, listed and never accepted.</summary>
    /// <param name="instant">The instant, in any zone; what is finer than a microsecond is cut off.</param>
    public static TokenExpiry AtEvenIfPassed(DateTimeOffset instant) => new Absolute(instant, MayHavePassed: true);

    internal sealed record ByPolicy : TokenExpiry;

    internal sealed record NoExpiry : TokenExpiry;

    internal sealed record Relative(TimeSpan Lifetime) : TokenExpiry;

    internal sealed record Absolute(DateTimeOffset Instant, bool MayHavePassed = false) : TokenExpiry;
}
