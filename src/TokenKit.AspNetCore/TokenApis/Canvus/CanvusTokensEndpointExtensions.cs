using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TokenKit;
using TokenKit.AspNetCore.TokenApis;
using TokenKit.AspNetCore.TokenApis.Canvus;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Mounts the token API of Canvus.</summary>
public static class CanvusTokensEndpointExtensions
{
    /// <summary>
    /// Mounts the API that was added under a name, at <c>{pattern}/{user}/access-tokens</c>. It may be mounted several times, and under any
    /// route group.
    /// </summary>
    /// <param name="endpoints">The endpoints of the host, or a group of them.</param>
    /// <param name="name">The name it was added under with <c>AddCanvusTokens(name)</c>.</param>
    /// <param name="pattern">Where the users are. Of what is below, only <c>{user}/access-tokens</c> belongs to the API.</param>
    /// <returns>
    /// All its endpoints. The API authenticates its callers itself; what the host adds, such as <c>RequireAuthorization("policy")</c>, is
    /// enforced before, with answers of the host's.
    /// </returns>
    /// <exception cref="InvalidOperationException">Nothing was added under the name.</exception>
    public static IEndpointConventionBuilder MapCanvusTokens(
        this IEndpointRouteBuilder endpoints,
        string name,
        string pattern = CanvusTokensDefaults.Pattern)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(pattern);
        CanvusTokensOptions options = endpoints.ServiceProvider.GetRequiredService<IOptionsMonitor<CanvusTokensOptions>>().Get(name);
        var set = TokenApi.Of(endpoints.ServiceProvider, CanvusEndpoints.Product, name, CanvusDialect.Say, options.AdditionalSchemes);
        return endpoints.MapTokenApi($"{pattern.TrimEnd('/')}/{{{CanvusEndpoints.UserId}}}/access-tokens", set, CanvusEndpoints.Routes);
    }
}
