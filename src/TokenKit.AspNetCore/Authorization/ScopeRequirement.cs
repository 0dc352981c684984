using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using TokenKit.AspNetCore.Authentication;

namespace TokenKit.AspNetCore.Authorization;

/// <summary>
/// Demands scopes of the token that authenticated the user: of one token, where several did. Users of other schemes have no scopes here,
/// whatever claims they have. It reads the claims, so that a host's claims transformation may narrow what a token does.
/// </summary>
internal sealed class ScopeRequirement(ScopeSet scopes, bool all) : IAuthorizationRequirement, IAuthorizationHandler
{
    public Task HandleAsync(AuthorizationHandlerContext context)
    {
        if (context.User.Identities.OfType<ApiTokenIdentity>().Any(IsMetBy))
        {
            context.Succeed(this);
        }
        else if (context.Resource is HttpContext http)
        {
            RequiredScopes.Add(http, scopes);
        }

        return Task.CompletedTask;
    }

    /// <summary>For the log of failed requirements.</summary>
    public override string ToString() => $"{(all ? "All" : "Any")} of the scopes: {scopes}";

    private bool IsMetBy(ApiTokenIdentity identity)
    {
        bool Has(string scope) => identity.HasClaim(ApiTokenDefaults.ScopeClaimType, scope);
        return all ? scopes.All(Has) : scopes.Any(Has);
    }
}
