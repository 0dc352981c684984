namespace TokenKit.Stores;

/// <summary>What becomes of a change. Its store writes exactly this, in one transaction, or nothing where the outcome is not Done.</summary>
/// <param name="Result">The answer. The store adds the <see cref="StoredToken.Sequence"/> that it assigns to a row that is added.</param>
public sealed record TokenDecision(CommitResult Result)
{
    /// <summary>A row to add.</summary>
    /// <value>Default: null.</value>
    public StoredToken? Added { get; init; }

    /// <summary>Locked rows as they become, each with its id. Their <see cref="StoredToken.LastUsedAt"/> is not to be written.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<StoredToken> Changed { get; init; } = [];

    /// <summary>The id of a locked row to remove.</summary>
    /// <value>Default: null.</value>
    public Guid? Removed { get; init; }

    internal static TokenDecision Refuse(CommitOutcome outcome, RejectionReason? reason = null) => new(new CommitResult(outcome) { Reason = reason });

    internal static TokenDecision Change(StoredToken row, bool clamped = false) =>
        new(new CommitResult(CommitOutcome.Done, row) { Written = 1, ExpiryClamped = clamped }) { Changed = [row] };
}
