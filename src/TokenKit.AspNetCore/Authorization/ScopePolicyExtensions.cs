using Microsoft.AspNetCore.Authorization;
using TokenKit;
using TokenKit.AspNetCore.Authorization;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Demands scopes in policies.</summary>
public static class ScopePolicyExtensions
{
    /// <summary>Demands that the token which authenticated the user has all of the scopes.</summary>
    /// <param name="builder">The builder of the policy.</param>
    /// <param name="scopes">The scopes, at least one (RFC 6749 §3.3).</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">There is no scope, or one is malformed, or together they are longer than <see cref="ScopeSet.MaximumLength"/>.</exception>
    /// <remarks>
    /// A token without them is answered 403 <c>insufficient_scope</c> with the scopes that are needed (RFC 6750 §3.1). A user whom another
    /// scheme authenticated, by a cookie for example, has no scopes and is refused too, whatever claims the user has.
    /// </remarks>
    public static AuthorizationPolicyBuilder RequireAllScopes(this AuthorizationPolicyBuilder builder, params string[] scopes) =>
        Require(builder, scopes, all: true);

    /// <summary>Demands that the token which authenticated the user has at least one of the scopes.</summary>
    /// <inheritdoc cref="RequireAllScopes"/>
    public static AuthorizationPolicyBuilder RequireAnyScope(this AuthorizationPolicyBuilder builder, params string[] scopes) =>
        Require(builder, scopes, all: false);

    private static AuthorizationPolicyBuilder Require(AuthorizationPolicyBuilder builder, string[] scopes, bool all)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(scopes);
        if (scopes.Length == 0)
        {
            throw new ArgumentException("A scope policy names at least one scope.", nameof(scopes));
        }

        return builder.AddRequirements(new ScopeRequirement(ScopeSet.Create(scopes), all));
    }
}
