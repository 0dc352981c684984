namespace TokenKit.Policy;

/// <summary>The one place that decides a token's status: a pure function of the token and the time.</summary>
internal static class TokenStatusRule
{
    public static TokenStatus Decide(DateTimeOffset? revokedAt, DateTimeOffset? expiresAt, DateTimeOffset? suspendedAt, DateTimeOffset now) =>
        revokedAt is not null ? TokenStatus.Revoked
        : expiresAt <= now ? TokenStatus.Expired
        : suspendedAt is not null ? TokenStatus.Suspended
        : TokenStatus.Active;
}
