namespace TokenKit;

/// <summary>What the token API of VirtuousAI is made of when the host does not say otherwise.</summary>
public static class VirtuousAITokensDefaults
{
    /// <summary>Where the product has its token API: <c>/api/v1/access-tokens</c>.</summary>
    public const string Pattern = "/api/v1/access-tokens";

    /// <summary>What the product's tokens begin with, before the underscore: <c>vai_pat</c>.</summary>
    public const string Prefix = "vai_pat";

    /// <summary>The kind of tokens that a login makes: <c>session</c>. The host issues them.</summary>
    public const string SessionKind = "session";

    /// <summary>The kind of tokens that the API makes: <c>pat</c>. It is the default kind of the realm.</summary>
    public const string PatKind = "pat";

    /// <summary>The kind of tokens that approving a device makes: <c>device</c>. The host issues them.</summary>
    public const string DeviceKind = "device";

    /// <summary>The header that may hold a token, besides <c>Authorization: Bearer</c>: <c>X-API-Key</c>.</summary>
    public const string HeaderName = "X-API-Key";

    /// <summary>The cookie that may hold a token: <c>vai_token</c>.</summary>
    public const string CookieName = "vai_token";
}
