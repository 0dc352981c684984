using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;

namespace TokenKit.AspNetCore.TokenApis;

/// <summary>Mounts the route table of a set.</summary>
internal static class SetMapping
{
    /// <summary>Mounts a set below a pattern, so that it answers every path and method there in its own dialect.</summary>
    /// <returns>The group of all its endpoints, to which the host may add conventions.</returns>
    public static RouteGroupBuilder MapSet(this IEndpointRouteBuilder endpoints, string pattern, EndpointSet set, IEnumerable<SetRoute> routes)
    {
        RouteGroupBuilder group = endpoints.MapGroup(pattern)
            .RequireAuthorization(EndpointSetDefaults.PolicyName)

            // A host's output cache would otherwise show one caller's tokens to the next, who may have no credential at all.
            .WithMetadata(new OutputCacheAttribute { NoStore = true });
        foreach (IGrouping<string, SetRoute> path in routes.GroupBy(route => route.Path, StringComparer.Ordinal))
        {
            foreach (SetRoute route in path)
            {
                group.MapMethods(route.Path, [route.Method], context => route.Has(context.Request.Path)
                    ? SetPipeline.RunAsync(context, set, route.Operation)
                    : SetPipeline.SendAsync(context, set.Say(SetOutcome.UnknownPath)));
            }

            string allow = string.Join(", ", path.Select(route => route.Method));
            group.Map(path.Key, context => SetPipeline.SendAsync(context, set.Say(SetOutcome.WrongMethod, allow)));
        }

        group.Map("{**tokenKitRest}", context => SetPipeline.SendAsync(context, set.Say(SetOutcome.UnknownPath)));
        return group;
    }
}
