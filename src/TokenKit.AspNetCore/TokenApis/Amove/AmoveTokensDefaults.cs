namespace TokenKit;

/// <summary>What the API tokens of Amove are made of when the host does not say otherwise.</summary>
public static class AmoveTokensDefaults
{
    /// <summary>Where the product has its API: <c>/apitoken</c>.</summary>
    public const string Pattern = "/apitoken";

    /// <summary>What the tokens begin with, before the underscore: <c>amove</c>. Text that does not is a credential of the host's.</summary>
    public const string Prefix = "amove";

    /// <summary>The query parameter that holds the credential: <c>token</c>.</summary>
    public const string TokenParameter = "token";
}
