namespace TokenKit;

/// <summary>What the token API of Query is made of when the host does not say otherwise.</summary>
public static class QueryTokensDefaults
{
    /// <summary>Where the product has its token API: <c>/_/token</c>.</summary>
    public const string Pattern = "/_/token";

    /// <summary>What the tokens begin with, before the underscore: <c>query</c>.</summary>
    public const string Prefix = "query";

    /// <summary>The kind of tokens that the API makes and lists: <c>server</c>. They belong to nobody. It is the default kind of the realm.</summary>
    public const string ServerKind = "server";

    /// <summary>
    /// The kind of tokens that may call the API: <c>admin</c>. The host issues them, for a user or for nobody; the API neither makes nor lists
    /// them.
    /// </summary>
    public const string AdminKind = "admin";

    /// <summary>The scope of every token that the API makes: <c>read</c>.</summary>
    public const string ReadScope = "read";

    /// <summary>The scope that a token made with <c>"write": true</c> has besides: <c>write</c>.</summary>
    public const string WriteScope = "write";
}
