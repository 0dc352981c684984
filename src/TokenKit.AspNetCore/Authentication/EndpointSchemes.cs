using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace TokenKit.AspNetCore.Authentication;

/// <summary>The schemes that authorization asks for an endpoint, and challenges in this order.</summary>
internal static class EndpointSchemes
{
    /// <summary>The schemes that the policies of the request's endpoint name; none where they leave it to the default scheme.</summary>
    public static async Task<IReadOnlyList<string>> ForAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata is not { } metadata || context.RequestServices.GetService<IAuthorizationPolicyProvider>() is not { } policies)
        {
            return [];
        }

        AuthorizationPolicy? policy = await AuthorizationPolicy.CombineAsync(
            policies, metadata.GetOrderedMetadata<IAuthorizeData>(), metadata.GetOrderedMetadata<AuthorizationPolicy>()).ConfigureAwait(false);
        return policy?.AuthenticationSchemes ?? [];
    }
}
