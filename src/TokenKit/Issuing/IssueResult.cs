namespace TokenKit;

/// <summary>What issuing a token came to.</summary>
public abstract record IssueResult
{
    private IssueResult()
    {
    }

    /// <summary>The token is issued and durable.</summary>
    /// <param name="Token">The token.</param>
    /// <param name="Plaintext">Its plaintext: the only time it is at hand.</param>
    /// <param name="ExpiryClamped">Whether it expires earlier than was asked, with the token on whose behalf it was issued.</param>
    public sealed record Issued(ApiToken Token, TokenPlaintext Plaintext, bool ExpiryClamped) : IssueResult;

    /// <summary>No token was issued.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Rejected(RejectionReason Reason) : IssueResult;

    /// <summary>No token was issued, because too much waits to be hashed.</summary>
    /// <param name="RetryAfter">When to ask again.</param>
    public sealed record Unavailable(TimeSpan RetryAfter) : IssueResult;
}
