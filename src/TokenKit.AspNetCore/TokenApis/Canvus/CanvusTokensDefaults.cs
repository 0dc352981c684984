namespace TokenKit;

/// <summary>What the token API of Canvus is made of when the host does not say otherwise.</summary>
public static class CanvusTokensDefaults
{
    /// <summary>Where the product has its users, below whom their tokens are: <c>/api/v1/users</c>.</summary>
    public const string Pattern = "/api/v1/users";

    /// <summary>What tokens begin with, before the underscore: <c>canvus</c>. The product's own have no prefix.</summary>
    public const string Prefix = "canvus";

    /// <summary>The kind of tokens that the API makes and shows: <c>pat</c>. It is the default kind of the realm.</summary>
    public const string AccessTokenKind = "pat";

    /// <summary>The header that holds a token: <c>Private-Token</c>.</summary>
    public const string HeaderName = "Private-Token";
}
