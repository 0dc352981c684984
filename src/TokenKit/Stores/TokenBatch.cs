namespace TokenKit.Stores;

/// <summary>One use of a token, for <see cref="TokenBatch.Touch"/>.</summary>
/// <param name="Id">The token.</param>
/// <param name="UsedAt">When it was used: whole microseconds in UTC.</param>
public readonly record struct TokenUse(Guid Id, DateTimeOffset UsedAt);

/// <summary>One bounded change to many tokens.</summary>
public abstract record TokenBatch
{
    /// <summary>The most tokens that one batch may change.</summary>
    public const int MaximumSize = 1000;

    private TokenBatch()
    {
    }

    /// <summary>Revokes tokens of a realm that are not revoked yet, expired and suspended ones included, just as <see cref="TokenChange.Revoke"/> would.</summary>
    /// <param name="Now">The instant that <see cref="StoredToken.RevokedAt"/> gets.</param>
    /// <param name="Realm">The realm.</param>
    /// <param name="Subject">Whose tokens.</param>
    /// <param name="Spared">Ids that stay as they are, at most 16.</param>
    /// <param name="Limit">The most tokens to revoke, 1 to <see cref="MaximumSize"/>: fewer revoked means that none remained.</param>
    public sealed record RevokeWhere(DateTimeOffset Now, string Realm, SubjectFilter Subject, IReadOnlyList<Guid> Spared, int Limit = MaximumSize)
        : TokenBatch;

    /// <summary>Writes down when tokens were last used: only where that is later than what the row holds, and without a new version.</summary>
    /// <param name="Uses">At most <see cref="MaximumSize"/> uses, each id once. Ids without a row are passed over.</param>
    public sealed record Touch(IReadOnlyList<TokenUse> Uses) : TokenBatch;

    /// <summary>Removes tokens that were revoked, or expired, strictly before an instant, and change ids as old as that.</summary>
    /// <param name="EndedBefore">The instant.</param>
    /// <param name="Limit">The most tokens to remove, 1 to <see cref="MaximumSize"/>: fewer removed means that none remained.</param>
    public sealed record Purge(DateTimeOffset EndedBefore, int Limit = MaximumSize) : TokenBatch;
}
