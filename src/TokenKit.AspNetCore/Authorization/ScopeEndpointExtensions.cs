using Microsoft.AspNetCore.Authorization;
using TokenKit;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Demands scopes of the callers of endpoints.</summary>
public static class ScopeEndpointExtensions
{
    /// <summary>Demands that the token which authenticated the caller has all of the scopes.</summary>
    /// <typeparam name="TBuilder">The type of the builder.</typeparam>
    /// <param name="builder">The builder of the endpoint or group.</param>
    /// <param name="scopes">The scopes, at least one (RFC 6749 §3.3).</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">There is no scope, or one is malformed, or together they are longer than <see cref="ScopeSet.MaximumLength"/>.</exception>
    /// <remarks>
    /// It is added to what else the endpoint demands, and names no scheme: the default scheme authenticates, or those that the endpoint's
    /// other policies name. The answers are those of <see cref="ScopePolicyExtensions.RequireAllScopes"/>.
    /// </remarks>
    public static TBuilder RequireAllScopes<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(new AuthorizationPolicyBuilder().RequireAllScopes(scopes).Build());

    /// <summary>Demands that the token which authenticated the caller has at least one of the scopes.</summary>
    /// <inheritdoc cref="RequireAllScopes"/>
    public static TBuilder RequireAnyScope<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(new AuthorizationPolicyBuilder().RequireAnyScope(scopes).Build());
}
