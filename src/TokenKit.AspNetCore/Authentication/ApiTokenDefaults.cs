using System.Security.Claims;

namespace TokenKit;

/// <summary>The names that the authentication of tokens uses.</summary>
public static class ApiTokenDefaults
{
    /// <summary>The scheme of <c>AddApiToken(realm)</c>: <c>ApiToken</c>.</summary>
    public const string AuthenticationScheme = "ApiToken";

    /// <summary>The claim with the token's subject, which is also the identity's name. A token that belongs to nobody has none.</summary>
    public const string SubjectClaimType = ClaimTypes.NameIdentifier;

    /// <summary>The claim with one scope of the token; as many claims as scopes.</summary>
    public const string ScopeClaimType = "scope";

    /// <summary>The claim with the token's id, a hyphenated UUID.</summary>
    public const string TokenIdClaimType = "tokenkit:id";

    /// <summary>The claim with the token's realm.</summary>
    public const string RealmClaimType = "tokenkit:realm";

    /// <summary>The claim with the token's kind.</summary>
    public const string KindClaimType = "tokenkit:kind";
}
