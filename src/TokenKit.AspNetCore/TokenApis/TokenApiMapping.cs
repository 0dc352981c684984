using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;
using TokenKit.AspNetCore.Authentication;

namespace TokenKit.AspNetCore.TokenApis;

/// <summary>Mounts the route table of a set.</summary>
internal static class TokenApiMapping
{
    /// <summary>Mounts a set below a pattern, so that it answers every path and method there in its own dialect.</summary>
    /// <returns>The group of all its endpoints, to which the host may add conventions.</returns>
    public static RouteGroupBuilder MapTokenApi(this IEndpointRouteBuilder endpoints, string pattern, TokenApi set, IEnumerable<TokenApiRoute> routes)
    {
        RouteGroupBuilder group = endpoints.MapGroup(pattern)
            .RequireAuthorization(TokenApiDefaults.PolicyName)
            .WithMetadata(AuthenticatesItself.Instance)

            // A host's output cache would otherwise show one caller's tokens to the next, who may have no credential at all.
            .WithMetadata(new OutputCacheAttribute { NoStore = true });
        foreach (IGrouping<string, TokenApiRoute> path in routes.GroupBy(route => route.Path, StringComparer.Ordinal))
        {
            foreach (TokenApiRoute route in path)
            {
                group.MapMethods(route.Path, [route.Method], context => route.Has(context.Request.Path)
                    ? TokenApiPipeline.RunAsync(context, set, route.Operation)
                    : TokenApiPipeline.SendAsync(context, set.Say(TokenApiOutcome.UnknownPath)))
                    .WithMetadata([route, .. route.Responses, .. set.Dialect.Failures]);
            }

            string allow = string.Join(", ", path.Select(route => route.Method));
            group.Map(path.Key, context => TokenApiPipeline.SendAsync(context, set.Say(TokenApiOutcome.WrongMethod, allow)));
        }

        group.Map("{**tokenKitRest}", context => TokenApiPipeline.SendAsync(context, set.Say(TokenApiOutcome.UnknownPath)));
        return group;
    }
}
