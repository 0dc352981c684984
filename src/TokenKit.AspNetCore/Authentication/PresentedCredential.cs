namespace TokenKit.AspNetCore.Authentication;

/// <summary>What a request presented to one scheme, and what that came to.</summary>
internal abstract record PresentedCredential
{
    private PresentedCredential()
    {
    }

    /// <summary>When to ask again, when the credential could not be verified; null otherwise.</summary>
    public TimeSpan? RetryAfter => this is Verified { Result: VerificationResult.Unavailable unavailable } ? unavailable.RetryAfter : null;

    /// <summary>The request carries no credential in the scheme's sources.</summary>
    public sealed record None : PresentedCredential
    {
        public static readonly None Instance = new();
    }

    /// <summary>The request carries a malformed credential, or several: there is nothing to verify.</summary>
    public sealed record Unreadable : PresentedCredential
    {
        public static readonly Unreadable Instance = new();
    }

    /// <summary>The request carries one credential.</summary>
    /// <param name="Source">Where it was.</param>
    /// <param name="Result">What verifying it came to.</param>
    public sealed record Verified(ApiTokenSource Source, VerificationResult Result) : PresentedCredential;
}
