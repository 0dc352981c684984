using System.Security.Claims;

namespace TokenKit.AspNetCore.Authentication;

/// <summary>The identity that a valid token gives a request.</summary>
/// <remarks>
/// Each request has an identity and claims of its own. Claims are not shared between requests although they look immutable: their
/// properties are a dictionary that anyone may write to, and a claims transformation must leave nothing behind for the next request.
/// </remarks>
internal sealed class ApiTokenIdentity : ClaimsIdentity
{
    public ApiTokenIdentity(ApiToken token, string scheme, string issuer)
        : base(claims: null, scheme, ApiTokenDefaults.SubjectClaimType, DefaultRoleClaimType)
    {
        Token = token;
        if (token.Subject.Length > 0)
        {
            Add(ApiTokenDefaults.SubjectClaimType, token.Subject);
        }

        Add(ApiTokenDefaults.TokenIdClaimType, token.Id.ToString());
        Add(ApiTokenDefaults.RealmClaimType, token.Realm);
        Add(ApiTokenDefaults.KindClaimType, token.Kind);
        foreach (string scope in token.Scopes)
        {
            Add(ApiTokenDefaults.ScopeClaimType, scope);
        }

        // A claim that has its identity already is added as it is; any other would be cloned.
        void Add(string type, string value) => AddClaim(new Claim(type, value, ClaimValueTypes.String, issuer, issuer, this));
    }

    private ApiTokenIdentity(ApiTokenIdentity other)
        : base(other, StringComparison.OrdinalIgnoreCase) => Token = other.Token;

    public ApiToken Token { get; }

    /// <summary>The first identity of a principal that a token gave it; null when there is none.</summary>
    public static ApiTokenIdentity? From(ClaimsPrincipal principal) => principal.Identities.OfType<ApiTokenIdentity>().FirstOrDefault();

    public override ClaimsIdentity Clone() => new ApiTokenIdentity(this);
}
