namespace TokenKit;

/// <summary>What revoking all tokens of an owner came to.</summary>
public abstract record RevokeAllResult
{
    private RevokeAllResult()
    {
    }

    /// <summary>The tokens are revoked.</summary>
    /// <param name="Count">How many tokens this call revoked. Tokens are missing from it where the database lost an answer and the work was repeated.</param>
    public sealed record Revoked(int Count) : RevokeAllResult;

    /// <summary>The acting token may not revoke them. Of more than 10 000 tokens, some may have been revoked before it lost the right.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Rejected(RejectionReason Reason) : RevokeAllResult;
}
