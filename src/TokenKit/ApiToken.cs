using TokenKit.Policy;
using TokenKit.Stores;

namespace TokenKit;

/// <summary>The record of a token. It holds no secret and is safe to print, log and list.</summary>
public sealed record ApiToken
{
    /// <summary>The most characters of a realm's or a kind's name.</summary>
    public const int MaximumNameOfRealmLength = 64;

    /// <summary>The most characters of a subject or an actor.</summary>
    public const int MaximumSubjectLength = 256;

    /// <summary>The most bytes of <see cref="WireData"/> in UTF-8.</summary>
    public const int MaximumWireDataBytes = 1024;

    internal ApiToken()
    {
    }

    /// <summary>The public, unguessable handle. It may be logged and listed; it can revoke the token but never authenticate.</summary>
    public required Guid Id { get; init; }

    /// <summary>The realm: the token is listed, named and accepted there only.</summary>
    public required string Realm { get; init; }

    /// <summary>The kind, which decides the policy.</summary>
    public required string Kind { get; init; }

    /// <summary>Who the token acts as; empty when it belongs to nobody.</summary>
    public required string Subject { get; init; }

    /// <summary>The name that people gave it.</summary>
    public required string Name { get; init; }

    /// <summary>What it may do.</summary>
    public required ScopeSet Scopes { get; init; }

    /// <summary>The first characters of the plaintext, for people to recognise it by.</summary>
    public required string Hint { get; init; }

    /// <summary>When it was issued.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed; using it is no change.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The first instant at which it is no longer valid; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>
    /// When it was last used, to the precision of the last-used window; null for never. In the answer of a verification it may be as old as
    /// the realm's <see cref="RealmOptions.MaximumRevocationDelay"/> besides.
    /// </summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>When it was revoked; null while it is not.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>When it was suspended; null while it is not.</summary>
    public DateTimeOffset? SuspendedAt { get; init; }

    /// <summary>Counts the changes, from 1; not moved by use.</summary>
    public long Version { get; init; }

    /// <summary>The place in the order of insertion; never used twice in a store.</summary>
    public long Sequence { get; init; }

    /// <summary>The token that issued this one; null when a person or the host did.</summary>
    public Guid? IssuedBy { get; init; }

    /// <summary>Who issued it, in the host's words; null when not said.</summary>
    public string? Actor { get; init; }

    /// <summary>The token that this one replaces by rotation.</summary>
    public Guid? PredecessorId { get; init; }

    /// <summary>The token that replaces this one by rotation.</summary>
    public Guid? SuccessorId { get; init; }

    /// <summary>What an endpoint set keeps with the token; null for nothing.</summary>
    public string? WireData { get; init; }

    /// <summary>Whether the token can be used at an instant, and if not, why not.</summary>
    /// <param name="now">The instant.</param>
    public TokenStatus GetStatus(DateTimeOffset now) => TokenStatusRule.Decide(RevokedAt, ExpiresAt, SuspendedAt, now);

    /// <summary>The record of a row, for authors of stores. Hosts get records from <see cref="ApiTokens"/>.</summary>
    /// <param name="row">The row.</param>
    public static ApiToken From(StoredToken row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new()
        {
            Id = row.Id,
            Realm = row.Realm,
            Kind = row.Kind,
            Subject = row.Subject,
            Name = row.Name,
            Scopes = ScopeSet.TryParse(row.Scopes, out ScopeSet? scopes) ? scopes : ScopeSet.Empty,
            Hint = row.Secret.Hint,
            CreatedAt = row.CreatedAt,
            UpdatedAt = row.UpdatedAt,
            ExpiresAt = row.ExpiresAt,
            LastUsedAt = row.LastUsedAt,
            RevokedAt = row.RevokedAt,
            SuspendedAt = row.SuspendedAt,
            Version = row.Version,
            Sequence = row.Sequence,
            IssuedBy = row.IssuedBy,
            Actor = row.Actor,
            PredecessorId = row.PredecessorId,
            SuccessorId = row.SuccessorId,
            WireData = row.WireData,
        };
    }
}
