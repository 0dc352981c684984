using TokenKit.Stores;

namespace TokenKit.Policy;

/// <summary>
/// The one place that limits the power which an acting token gives: no scopes that it lacks, and no longer than it lives itself. It compares
/// the row before and after, so that no kind of change can forget it.
/// </summary>
internal static class PowerRule
{
    /// <summary>The row as it may be written, or why it may not.</summary>
    /// <param name="before">The row as it is; null for a new token.</param>
    /// <param name="after">The row as it should be.</param>
    /// <param name="acting">The acting token as it is now; null where none acts, which limits nothing.</param>
    public static Decision Limit(StoredToken? before, StoredToken after, ApiToken? acting)
    {
        if (acting is null)
        {
            return new(after);
        }

        ScopeSet scopes = ScopesOf(after);
        bool givesPower = GivesPower(before, after, scopes);
        bool writesScopes = !string.Equals(before?.Scopes, after.Scopes, StringComparison.Ordinal);
        if ((givesPower || writesScopes) && ProblemOfScopes(scopes, acting) is { } problem)
        {
            return new(after, Problem: problem);
        }

        return givesPower && IsLater(after.ExpiresAt, acting.ExpiresAt)
            ? new(after with { ExpiresAt = acting.ExpiresAt }, Clamped: true)
            : new(after);
    }

    /// <summary>Why an acting token may not give scopes; null when it may.</summary>
    /// <param name="scopes">The scopes; null for none.</param>
    /// <param name="acting">The acting token; null where none acts.</param>
    public static RejectionReason? ProblemOfScopes(ScopeSet? scopes, ApiToken? acting) =>
        scopes is null || acting is null || scopes.IsSubsetOf(acting.Scopes) ? null : RejectionReason.ScopesExceedIssuer;

    private static bool GivesPower(StoredToken? before, StoredToken after, ScopeSet scopes) =>
        before is null
        || IsLater(after.ExpiresAt, before.ExpiresAt)
        || (before.SuspendedAt is not null && after.SuspendedAt is null)
        || !string.Equals(before.Secret.Hash, after.Secret.Hash, StringComparison.Ordinal)
        || !scopes.IsSubsetOf(ScopesOf(before));

    // Null is never.
    private static bool IsLater(DateTimeOffset? expiresAt, DateTimeOffset? other) => other is not null && (expiresAt is null || expiresAt > other);

    private static ScopeSet ScopesOf(StoredToken row) => ApiToken.From(row).Scopes;

    /// <summary>The row as it may be written, whether its expiry was cut to that of the acting token, or why it may not be written.</summary>
    public readonly record struct Decision(StoredToken Row, bool Clamped = false, RejectionReason? Problem = null);
}
