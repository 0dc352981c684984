namespace TokenKit.Stores;

/// <summary>What became of a <see cref="TokenChange"/>.</summary>
public enum CommitOutcome
{
    /// <summary>It is made, now or by an earlier commit of the same change id.</summary>
    Done,

    /// <summary>Another row holds the <see cref="StoredToken.NameKey"/>.</summary>
    NameTaken,

    /// <summary>The subject has as many living tokens of the kind as it may have.</summary>
    CapReached,

    /// <summary>The row has another <see cref="StoredToken.Version"/>, or for a rehash another hash, than was expected.</summary>
    Stale,

    /// <summary>There is no such token in that realm with such an owner.</summary>
    NotFound,

    /// <summary>A token with that id is already there, put by another change.</summary>
    Duplicate,

    /// <summary>The acting token has lost the right to the change; <see cref="CommitResult.Reason"/> says how.</summary>
    ActorLost,
}

/// <summary>The answer to <see cref="ITokenStore.CommitAsync"/>.</summary>
/// <param name="Outcome">What became of the change.</param>
/// <param name="Token">
/// The row as it is after the change when the outcome is <see cref="CommitOutcome.Done"/>; null after a delete or a revoke-all, when the row
/// has gone since, and with every other outcome.
/// </param>
public sealed record CommitResult(CommitOutcome Outcome, StoredToken? Token = null)
{
    /// <summary>How the right was lost, with <see cref="CommitOutcome.ActorLost"/>.</summary>
    /// <value>Default: null.</value>
    public RejectionReason? Reason { get; init; }

    /// <summary>How many tokens the change wrote. A repeated change writes none.</summary>
    /// <value>Default: 0.</value>
    public int Written { get; init; }

    /// <summary>When the newest of the tokens was created that a step of a revoke-all has locked: the next step begins there.</summary>
    /// <value>Default: null, also for a step that found none.</value>
    public DateTimeOffset? Reached { get; init; }

    /// <summary>Whether the token expires earlier than the change asked for, with the acting token.</summary>
    /// <value>Default: false, also for a repeated change.</value>
    public bool ExpiryClamped { get; init; }

    /// <summary>The answer to a change whose id is remembered.</summary>
    /// <param name="change">The change.</param>
    /// <param name="token">The row of its <see cref="TokenChange.Target"/> as it is now; null when there is none.</param>
    public static CommitResult Repeated(TokenChange change, StoredToken? token)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new(CommitOutcome.Done, change is TokenChange.Delete ? null : token);
    }
}
