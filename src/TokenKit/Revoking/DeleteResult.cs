namespace TokenKit;

/// <summary>What removing a token came to.</summary>
public abstract record DeleteResult
{
    private DeleteResult()
    {
    }

    /// <summary>The token is removed.</summary>
    public sealed record Deleted : DeleteResult;

    /// <summary>There is no such token.</summary>
    public sealed record NotFound : DeleteResult;

    /// <summary>The token is as it was: the acting token may not remove it.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Rejected(RejectionReason Reason) : DeleteResult;
}
