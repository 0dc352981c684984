using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.AspNetCore.TokenApis;

namespace TokenKit.AspNetCore.Tests.Traces;

/// <summary>Something that the host of a case has besides the set.</summary>
/// <param name="Before">What it adds before it mounts the set: middleware, and endpoints of its own.</param>
/// <param name="OnSet">What it adds to the endpoints of the set.</param>
internal sealed record HostPart(Action<WebApplication>? Before = null, Action<IEndpointConventionBuilder>? OnSet = null)
{
    private const string Policy = "host";

    /// <summary>What hosts have, whatever the set.</summary>
    public static IReadOnlyDictionary<string, Given> Vocabulary { get; } = new Dictionary<string, Given>(StringComparer.Ordinal)
    {
        ["output-cache"] = Of(
            static services => services.AddOutputCache(static cache => cache.AddBasePolicy(new CacheEverything())),
            static app => app.UseOutputCache(),
            static set => set.CacheOutput(static policy => policy.AddPolicy<CacheEverything>())),
        ["fallback-policy"] = Of(static services => services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(static _ => false).Build())),
        ["host-policy"] = Of(
            static services =>
            {
                services.AddAuthorizationBuilder().AddPolicy(Policy, static policy => policy.RequireAssertion(static context =>
                    context.Resource is HttpContext http && http.Request.Headers.ContainsKey("X-Pass")));

                // A host that has no scheme but the set's says that it answers for the host too.
                services.AddOptions<AuthenticationOptions>().Configure<IEnumerable<TokenApiRegistration>>(static (options, sets) => options.DefaultScheme ??= sets.First().Name);
            },
            onSet: static set => set.RequireAuthorization(Policy)),
        ["rate-limit"] = Of(
            static services => services.AddRateLimiter(static limiter =>
            {
                limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
                limiter.AddFixedWindowLimiter(Policy, static window => (window.PermitLimit, window.Window) = (1, TimeSpan.FromHours(1)));
            }),
            static app => app.UseRateLimiter(),
            static set => set.RequireRateLimiting(Policy)),
        ["cors"] = Of(
            static services => services.AddCors(static cors =>
                cors.AddPolicy(Policy, static policy => policy.WithOrigins("https://app.example").WithMethods("DELETE"))),
            static app => app.UseCors(),
            static set => set.RequireCors(Policy)),
        ["path-base"] = Of(static _ => { }, static app =>
        {
            app.UsePathBase("/base");
            app.UseRouting();
            app.UseAuthorization();
        }),
        ["hostile-settings"] = Of(
            static services => services
                .ConfigureHttpJsonOptions(static json =>
                {
                    json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.KebabCaseUpper;
                    json.SerializerOptions.WriteIndented = true;
                    json.SerializerOptions.MaxDepth = 1;
                })
                .AddProblemDetails(static problems => problems.CustomizeProblemDetails = static context => context.ProblemDetails.Title = "the host's own"),
            static app =>
            {
                app.UseExceptionHandler();
                app.UseStatusCodePages();
                app.Use(static next => async context =>
                {
                    // Upper-case i has its dot here, and a negative number a sign of its own.
                    CultureInfo.CurrentCulture = new CultureInfo("tr-TR") { NumberFormat = { NegativeSign = "~" }, DateTimeFormat = { TimeSeparator = "_" } };
                    CultureInfo.CurrentUICulture = CultureInfo.CurrentCulture;
                    await next(context);
                });
            }),
    };

    /// <summary>Mounts a set in a host with its parts.</summary>
    public static void Map(WebApplication app, Func<WebApplication, IEndpointConventionBuilder> mount)
    {
        HostPart[] parts = [.. app.Services.GetServices<HostPart>()];
        foreach (HostPart part in parts)
        {
            part.Before?.Invoke(app);
        }

        IEndpointConventionBuilder set = mount(app);
        foreach (HostPart part in parts)
        {
            part.OnSet?.Invoke(set);
        }
    }

    public static Given Of(
        Action<IServiceCollection> services,
        Action<WebApplication>? before = null,
        Action<IEndpointConventionBuilder>? onSet = null) => Given.Option(collection =>
        {
            services(collection);
            collection.AddSingleton(new HostPart(before, onSet));
        });
}
