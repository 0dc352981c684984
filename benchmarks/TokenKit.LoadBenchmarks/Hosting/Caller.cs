using System.Security.Claims;

namespace TokenKit.LoadBenchmarks.Hosting;

/// <summary>What every handler but the plain no-op knows of its caller in the end.</summary>
internal sealed record Caller(string Id, string Subject, string Kind, string[] Scopes)
{
    public const string Realm = "api";

    public static string[] AllScopes { get; } = ["orders:read", "orders:write"];

    /// <summary>The same claims as a token of TokenKit gives, in a principal of this request's own.</summary>
    public ClaimsPrincipal ToPrincipal(string scheme, string issuer) => ToPrincipal(Id, scheme, issuer);

    public ClaimsPrincipal ToPrincipal(string id, string scheme, string issuer)
    {
        var identity = new ClaimsIdentity(claims: null, scheme, ApiTokenDefaults.SubjectClaimType, ClaimsIdentity.DefaultRoleClaimType);
        Add(ApiTokenDefaults.SubjectClaimType, Subject);
        Add(ApiTokenDefaults.TokenIdClaimType, id);
        Add(ApiTokenDefaults.RealmClaimType, Realm);
        Add(ApiTokenDefaults.KindClaimType, Kind);
        foreach (string scope in Scopes)
        {
            Add(ApiTokenDefaults.ScopeClaimType, scope);
        }

        return new ClaimsPrincipal(identity);

        void Add(string type, string value) => identity.AddClaim(new Claim(type, value, ClaimValueTypes.String, issuer, issuer, identity));
    }
}
