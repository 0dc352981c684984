namespace TokenKit;

/// <summary>Why a token was refused. For logs, metrics and events: to the caller every refusal looks the same.</summary>
public enum RefusalReason
{
    /// <summary>The text begins as the realm's tokens do, but is none: its form or checksum is wrong.</summary>
    Malformed,

    /// <summary>There is no such token in the realm, or the text is not its plaintext. Nothing more is said until possession is proved.</summary>
    Unrecognized,

    /// <summary>The token was revoked.</summary>
    Revoked,

    /// <summary>The token has expired.</summary>
    Expired,

    /// <summary>The token is suspended.</summary>
    Suspended,

    /// <summary>The stored hash is malformed or outside the allowed range; it was not run.</summary>
    UnusableHash,

    /// <summary>The text does not begin with a prefix of the realm: it is nobody's token here, and may be a credential of another kind.</summary>
    Foreign,
}

/// <summary>What verifying a text came to.</summary>
/// <remarks>Expected outcomes are values: verification throws only for bugs and for cancellation.</remarks>
public abstract record VerificationResult
{
    private VerificationResult()
    {
    }

    /// <summary>The text is the plaintext of a token that may be used now.</summary>
    /// <param name="Token">The token.</param>
    public sealed record Valid(ApiToken Token) : VerificationResult;

    /// <summary>The text does not authenticate.</summary>
    /// <param name="Reason">Why. Not for the caller.</param>
    /// <param name="TokenId">The token, once its possession was proved; null before.</param>
    public sealed record Refused(RefusalReason Reason, Guid? TokenId = null) : VerificationResult;

    /// <summary>It could not be found out: too much waits to be hashed, or the store cannot be reached. The text may be valid.</summary>
    /// <param name="RetryAfter">When to ask again.</param>
    public sealed record Unavailable(TimeSpan RetryAfter) : VerificationResult;
}
