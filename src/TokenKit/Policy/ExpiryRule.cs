using TokenKit.Stores;

namespace TokenKit.Policy;

/// <summary>The one place that decides when a token expires by its policy. <see cref="PowerRule"/> cuts that to the end of an acting token.</summary>
internal static class ExpiryRule
{
    /// <summary>Decides an expiry under a policy.</summary>
    /// <param name="wanted">What was asked for.</param>
    /// <param name="policy">The policy of the token's kind.</param>
    /// <param name="createdAt">When the token was or is created: its lifetime counts from there, so that it cannot be extended for ever.</param>
    /// <param name="now">What time it is.</param>
    public static Decision Decide(TokenExpiry wanted, KindPolicy policy, DateTimeOffset createdAt, DateTimeOffset now)
    {
        DateTimeOffset? expiresAt = wanted switch
        {
            TokenExpiry.ByPolicy => policy.DefaultLifetime is { } lifetime ? Add(createdAt, lifetime) : null,
            TokenExpiry.NoExpiry => null,
            TokenExpiry.Relative relative => Add(now, relative.Lifetime),
            TokenExpiry.Absolute absolute => UnixMicroseconds.Truncate(absolute.Instant),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

        if (expiresAt is null && !policy.MayNeverExpire)
        {
            return new(null, Problem: RejectionReason.MustExpire);
        }

        if (expiresAt <= now && wanted is not TokenExpiry.Absolute { MayHavePassed: true })
        {
            return new(null, Problem: RejectionReason.ExpiryNotInFuture);
        }

        if (expiresAt - createdAt > policy.MaximumLifetime)
        {
            return new(null, Problem: RejectionReason.LifetimeTooLong);
        }

        return new(expiresAt);
    }

    // An instant beyond the calendar is as good as its end.
    private static DateTimeOffset Add(DateTimeOffset instant, TimeSpan lifetime) => UnixMicroseconds.Truncate(
        lifetime > DateTimeOffset.MaxValue - instant ? DateTimeOffset.MaxValue
        : lifetime < DateTimeOffset.MinValue - instant ? DateTimeOffset.MinValue
        : instant + lifetime);

    /// <summary>The expiry, or why there is none.</summary>
    public readonly record struct Decision(DateTimeOffset? ExpiresAt, RejectionReason? Problem = null);
}
