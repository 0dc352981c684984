namespace TokenKit.Stores;

/// <summary>The row of one token, as a store keeps it. It never leaves the host: callers see <see cref="ApiToken"/>.</summary>
/// <remarks>
/// Strings are compared character by character and kept exactly, case and trailing spaces included. Instants are whole microseconds in UTC
/// (<see cref="UnixMicroseconds"/>). The text of a row names its id only.
/// </remarks>
public sealed record StoredToken
{
    /// <summary>The id, unique in the store: 16 bytes, big-endian, a version-7 UUID (RFC 9562 §5.7) for tokens that TokenKit issued.</summary>
    public required Guid Id { get; init; }

    /// <summary>The realm, 1 to 64 characters. It never changes.</summary>
    public required string Realm { get; init; }

    /// <summary>The kind, 1 to 64 characters. It never changes.</summary>
    public required string Kind { get; init; }

    /// <summary>Who the token acts as, at most 256 characters; empty for nobody. It never changes.</summary>
    public required string Subject { get; init; }

    /// <summary>The name that people gave it, of any length; not unique by itself.</summary>
    public required string Name { get; init; }

    /// <summary>32 bytes that at most one row may hold: set where the name must be unique, null elsewhere and once the token is revoked.</summary>
    public byte[]? NameKey { get; init; }

    /// <summary>The scopes, separated by single spaces; empty for none.</summary>
    public required string Scopes { get; init; }

    /// <summary>The secret, as far as a row holds it.</summary>
    public required StoredSecret Secret { get; init; }

    /// <summary>When it was issued.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed; neither using nor rehashing it is a change.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The first instant at which it is no longer valid; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was last used; null for never. Written late and in batches.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>When it was revoked; null while it is not. Once set it stays.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>When it was suspended; null while it is not.</summary>
    public DateTimeOffset? SuspendedAt { get; init; }

    /// <summary>Counts the changes, from 1; not moved by use nor by a rehash.</summary>
    public long Version { get; init; } = 1;

    /// <summary>The place in the order of insertion, assigned by the store and never used twice; 0 before the row is stored.</summary>
    public long Sequence { get; init; }

    /// <summary>The token that issued this one; null when a person or the host did.</summary>
    public Guid? IssuedBy { get; init; }

    /// <summary>Who issued it, in the host's words, at most 256 characters; null when not said.</summary>
    public string? Actor { get; init; }

    /// <summary>The token that this one replaces by rotation.</summary>
    public Guid? PredecessorId { get; init; }

    /// <summary>The token that replaces this one by rotation.</summary>
    public Guid? SuccessorId { get; init; }

    /// <summary>What an endpoint set keeps with the token, at most 1 024 bytes of UTF-8; null for nothing.</summary>
    public string? WireData { get; init; }

    /// <summary>The row as a store keeps it: a database keeps neither zones nor what is finer than a microsecond.</summary>
    internal StoredToken InWholeMicroseconds() => this with
    {
        CreatedAt = UnixMicroseconds.Truncate(CreatedAt),
        UpdatedAt = UnixMicroseconds.Truncate(UpdatedAt),
        ExpiresAt = UnixMicroseconds.Truncate(ExpiresAt),
        LastUsedAt = UnixMicroseconds.Truncate(LastUsedAt),
        RevokedAt = UnixMicroseconds.Truncate(RevokedAt),
        SuspendedAt = UnixMicroseconds.Truncate(SuspendedAt),
    };

    /// <summary>The id only: what a row holds of its secret belongs in no log.</summary>
    public override string ToString() => $"StoredToken {Id}";
}
