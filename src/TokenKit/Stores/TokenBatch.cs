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

    /// <summary>Writes down when tokens were last used: only where that is later than what the row holds, and without a new version.</summary>
    /// <param name="Uses">At most <see cref="MaximumSize"/> uses, each id once. Ids without a row are passed over.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are more uses than may be.</exception>
    public sealed record Touch(IReadOnlyList<TokenUse> Uses) : TokenBatch
    {
        /// <summary>At most <see cref="MaximumSize"/> uses, each id once.</summary>
        public IReadOnlyList<TokenUse> Uses { get; init => field = AtMost(MaximumSize, value); } = AtMost(MaximumSize, Uses);
    }

    /// <summary>Removes tokens that were revoked, or expired, strictly before an instant, and change ids as old as that.</summary>
    /// <param name="EndedBefore">The instant.</param>
    /// <param name="Limit">The most tokens to remove, 1 to <see cref="MaximumSize"/>: fewer removed means that none remained.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is outside its range.</exception>
    public sealed record Purge(DateTimeOffset EndedBefore, int Limit = MaximumSize) : TokenBatch
    {
        /// <summary>The most tokens to remove, 1 to <see cref="MaximumSize"/>.</summary>
        public int Limit { get; init => field = Within(value); } = Within(Limit);
    }

    /// <summary>Erases the recoverable copies of tokens, without a new version.</summary>
    /// <param name="Ids">At most <see cref="MaximumSize"/> tokens, each once. Ids without a row, and rows without a copy, are passed over.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are more ids than may be.</exception>
    public sealed record EraseCopies(IReadOnlyList<Guid> Ids) : TokenBatch
    {
        /// <summary>At most <see cref="MaximumSize"/> tokens, each once.</summary>
        public IReadOnlyList<Guid> Ids { get; init => field = AtMost(MaximumSize, value); } = AtMost(MaximumSize, Ids);
    }

    private static int Within(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaximumSize);
        return limit;
    }

    private static IReadOnlyList<T> AtMost<T>(int maximum, IReadOnlyList<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(items.Count, maximum, nameof(items));
        return items;
    }
}
