namespace TokenKit.Policy;

/// <summary>Whether a token can be used. Where several hold, the one that ends it most finally is said.</summary>
public enum TokenStatus
{
    /// <summary>It can be used.</summary>
    Active,

    /// <summary>It was suspended and may be resumed.</summary>
    Suspended,

    /// <summary>Its expiry has come: it is valid strictly before that instant.</summary>
    Expired,

    /// <summary>It was revoked, for ever.</summary>
    Revoked,
}

/// <summary>The one place that decides a token's status: a pure function of the token and the time.</summary>
internal static class TokenStatusRule
{
    public static TokenStatus Decide(DateTimeOffset? revokedAt, DateTimeOffset? expiresAt, DateTimeOffset? suspendedAt, DateTimeOffset now) =>
        revokedAt is not null ? TokenStatus.Revoked
        : expiresAt <= now ? TokenStatus.Expired
        : suspendedAt is not null ? TokenStatus.Suspended
        : TokenStatus.Active;
}
