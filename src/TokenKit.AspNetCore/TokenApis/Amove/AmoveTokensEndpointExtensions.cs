using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TokenKit;
using TokenKit.AspNetCore.TokenApis;
using TokenKit.AspNetCore.TokenApis.Amove;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Mounts the API tokens of Amove.</summary>
public static class AmoveTokensEndpointExtensions
{
    /// <summary>Mounts the API that was added under a name. It may be mounted several times, and under any route group.</summary>
    /// <param name="endpoints">The endpoints of the host, or a group of them.</param>
    /// <param name="name">The name it was added under with <c>AddAmoveTokens(name)</c>.</param>
    /// <param name="pattern">Where; everything below belongs to the API.</param>
    /// <returns>
    /// All its endpoints. The API authenticates its callers itself; what the host adds, such as <c>RequireAuthorization("policy")</c>, is
    /// enforced before, with answers of the host's.
    /// </returns>
    /// <exception cref="InvalidOperationException">Nothing was added under the name.</exception>
    public static IEndpointConventionBuilder MapAmoveTokens(
        this IEndpointRouteBuilder endpoints,
        string name,
        string pattern = AmoveTokensDefaults.Pattern)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(pattern);
        AmoveTokensOptions options = endpoints.ServiceProvider.GetRequiredService<IOptionsMonitor<AmoveTokensOptions>>().Get(name);
        TokenApi set = TokenApi.Of(endpoints.ServiceProvider, AmoveEndpoints.Product, name, AmoveDialect.Say, options.AdditionalSchemes)
            with { Callers = AmoveCallers.ForAsync };
        return endpoints.MapTokenApi(pattern, set, AmoveEndpoints.Routes);
    }
}
