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
}

/// <summary>The answer to <see cref="ITokenStore.CommitAsync"/>.</summary>
/// <param name="Outcome">What became of the change.</param>
/// <param name="Token">
/// The row as it is after the change when the outcome is <see cref="CommitOutcome.Done"/>; null after a delete, when the row has gone
/// since, and with every other outcome.
/// </param>
public sealed record CommitResult(CommitOutcome Outcome, StoredToken? Token = null);
