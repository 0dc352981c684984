namespace TokenKit;

/// <summary>What updating a token came to.</summary>
public abstract record UpdateResult
{
    private UpdateResult()
    {
    }

    /// <summary>The token is updated.</summary>
    /// <param name="Token">The token as it is now.</param>
    /// <param name="ExpiryClamped">Whether it expires earlier than was asked, with the acting token.</param>
    public sealed record Updated(ApiToken Token, bool ExpiryClamped) : UpdateResult
    {
        /// <summary>The new plaintext, when the secret was replaced: the only time it is at hand. Null otherwise.</summary>
        public TokenPlaintext? Plaintext { get; init; }
    }

    /// <summary>The token is as it was, because too much waits to be hashed.</summary>
    /// <param name="RetryAfter">When to ask again.</param>
    public sealed record Unavailable(TimeSpan RetryAfter) : UpdateResult;

    /// <summary>There is no such token that is not revoked.</summary>
    public sealed record NotFound : UpdateResult;

    /// <summary>The token was changed by somebody else: it no longer has the expected version.</summary>
    public sealed record Conflict : UpdateResult;

    /// <summary>The token is as it was.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Rejected(RejectionReason Reason) : UpdateResult;
}
