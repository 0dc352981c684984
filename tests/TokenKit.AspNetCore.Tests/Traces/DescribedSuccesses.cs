using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using TokenKit.AspNetCore.TokenApis;

namespace TokenKit.AspNetCore.Tests.Traces;

/// <summary>Notes successes of a set's operations that their routes do not describe.</summary>
internal sealed class DescribedSuccesses : IStartupFilter
{
    private readonly ConcurrentQueue<string> _others = [];

    public IEnumerable<string> Others => _others;

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(rest => context =>
        {
            context.Response.OnStarting(() =>
            {
                Look(context);
                return Task.CompletedTask;
            });
            return rest(context);
        });
        next(app);
    };

    private void Look(HttpContext context)
    {
        HttpResponse response = context.Response;
        if (response.StatusCode < StatusCodes.Status300MultipleChoices
            && context.GetEndpoint()?.Metadata.GetMetadata<TokenApiRoute>() is { } route

            // Preflights of CORS are routed to it too, and answered by the host.
            && HttpMethods.Equals(route.Method, context.Request.Method)
            && !route.Responses.Any(described => IsLike(described, response)))
        {
            _others.Enqueue($"{route.Name}: {response.StatusCode} {response.ContentType}");
        }
    }

    private static bool IsLike(IProducesResponseTypeMetadata described, HttpResponse response) =>
        described.StatusCode == response.StatusCode && described.ContentTypes.SingleOrDefault() == response.ContentType;
}
