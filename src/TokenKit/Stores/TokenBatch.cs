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

    /// <summary>Removes tokens that were revoked, or expired, strictly before an instant, and change ids that nobody repeats any more.</summary>
    public sealed record Purge : TokenBatch
    {
        // Far longer than a store or its caller tries a change again, and than clocks of two nodes differ.
        private static readonly TimeSpan ChangeRetention = TimeSpan.FromHours(1);

        private readonly DateTimeOffset _retainedFrom;

        /// <summary>Makes the batch.</summary>
        /// <param name="time">The clock by which changes are named (<see cref="TokenChange.Now"/>).</param>
        /// <param name="endedBefore">The instant.</param>
        /// <param name="limit">The most tokens to remove, 1 to <see cref="MaximumSize"/>: fewer removed means that none remained.</param>
        /// <exception cref="ArgumentOutOfRangeException">The limit is outside its range.</exception>
        public Purge(TimeProvider time, DateTimeOffset endedBefore, int limit = MaximumSize)
        {
            ArgumentNullException.ThrowIfNull(time);
            _retainedFrom = UnixMicroseconds.Truncate(time.GetUtcNow() - ChangeRetention);
            EndedBefore = endedBefore;
            Limit = limit;
        }

        /// <summary>Tokens that were revoked, or expired, strictly before this instant are removed.</summary>
        public DateTimeOffset EndedBefore { get; init; }

        /// <summary>The most tokens to remove, 1 to <see cref="MaximumSize"/>.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The value is outside its range.</exception>
        public int Limit { get; init => field = Within(value); }

        /// <summary>
        /// Change ids whose <see cref="TokenChange.Now"/> is strictly before this instant are forgotten: before <see cref="EndedBefore"/>, but never
        /// those of the last hour. A change that was made is recognised for as long as it may be repeated.
        /// </summary>
        public DateTimeOffset ChangesBefore => EndedBefore < _retainedFrom ? EndedBefore : _retainedFrom;
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
