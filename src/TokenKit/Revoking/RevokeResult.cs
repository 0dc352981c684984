namespace TokenKit;

/// <summary>What revoking a token came to.</summary>
public abstract record RevokeResult
{
    private RevokeResult()
    {
    }

    /// <summary>The token is revoked.</summary>
    /// <param name="Token">The token, with its first revocation when it was revoked before.</param>
    public sealed record Revoked(ApiToken Token) : RevokeResult;

    /// <summary>There is no such token.</summary>
    public sealed record NotFound : RevokeResult;

    /// <summary>The token is as it was: the acting token may not revoke it.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Rejected(RejectionReason Reason) : RevokeResult;
}
