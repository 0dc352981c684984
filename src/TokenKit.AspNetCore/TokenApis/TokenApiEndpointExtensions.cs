using Microsoft.AspNetCore.Routing;
using TokenKit;
using TokenKit.AspNetCore.TokenApis.Amove;
using TokenKit.AspNetCore.TokenApis.Canvus;
using TokenKit.AspNetCore.TokenApis.Query;
using TokenKit.AspNetCore.TokenApis.VirtuousAI;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Mounts the token APIs of published products.</summary>
public static class TokenApiEndpointExtensions
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
        string pattern = AmoveTokensDefaults.Pattern) =>
        AmoveDefinition.Instance.MapTo(endpoints, name, pattern);

    /// <summary>Mounts the API that was added under a name. It may be mounted several times, and under any route group.</summary>
    /// <param name="endpoints">The endpoints of the host, or a group of them.</param>
    /// <param name="name">The name it was added under with <c>AddQueryTokens(name)</c>.</param>
    /// <param name="pattern">Where; everything below belongs to the API.</param>
    /// <returns>
    /// All its endpoints. The API authenticates its callers itself; what the host adds, such as <c>RequireAuthorization("policy")</c>, is
    /// enforced before, with answers of the host's.
    /// </returns>
    /// <exception cref="InvalidOperationException">Nothing was added under the name.</exception>
    public static IEndpointConventionBuilder MapQueryTokens(
        this IEndpointRouteBuilder endpoints,
        string name,
        string pattern = QueryTokensDefaults.Pattern) =>
        QueryDefinition.Instance.MapTo(endpoints, name, pattern);

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
        string pattern = CanvusTokensDefaults.Pattern) =>
        CanvusDefinition.Instance.MapTo(endpoints, name, pattern);

    /// <summary>Mounts the API that was added under a name. It may be mounted several times, and under any route group.</summary>
    /// <param name="endpoints">The endpoints of the host, or a group of them.</param>
    /// <param name="name">The name it was added under with <c>AddVirtuousAITokens(name)</c>.</param>
    /// <param name="pattern">Where; everything below belongs to the API.</param>
    /// <returns>
    /// All its endpoints. The API authenticates its callers itself; what the host adds, such as <c>RequireAuthorization("policy")</c>, is
    /// enforced before, with answers of the host's.
    /// </returns>
    /// <exception cref="InvalidOperationException">Nothing was added under the name.</exception>
    public static IEndpointConventionBuilder MapVirtuousAITokens(
        this IEndpointRouteBuilder endpoints,
        string name,
        string pattern = VirtuousAITokensDefaults.Pattern) =>
        VirtuousAIDefinition.Instance.MapTo(endpoints, name, pattern);
}
