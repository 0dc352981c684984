using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.TokenApis;
using TokenKit.AspNetCore.TokenApis.Amove;
using TokenKit.AspNetCore.TokenApis.Canvus;
using TokenKit.AspNetCore.TokenApis.Query;
using TokenKit.AspNetCore.TokenApis.VirtuousAI;

namespace TokenKit.AspNetCore.Tests.TokenApis;

/// <summary>What the routes of the sets say about themselves. That successes are as described is checked wherever a trace is sent.</summary>
[TestClass]
public sealed class DescriptionTests
{
    private static readonly Dictionary<string, (IReadOnlyList<TokenApiRoute> Routes, TokenApiDialect Dialect)> Sets = new(StringComparer.Ordinal)
    {
        [AmoveDefinition.Instance.Product] = (AmoveDefinition.Instance.Routes, AmoveDefinition.Instance.Dialect),
        [QueryDefinition.Instance.Product] = (QueryDefinition.Instance.Routes, QueryDefinition.Instance.Dialect),
        [CanvusDefinition.Instance.Product] = (CanvusDefinition.Instance.Routes, CanvusDefinition.Instance.Dialect),
        [VirtuousAIDefinition.Instance.Product] = (VirtuousAIDefinition.Instance.Routes, VirtuousAIDefinition.Instance.Dialect),
    };

    public static IEnumerable<object[]> Products => Sets.Keys.Select(static product => new object[] { product });

    [TestMethod]
    [DynamicData(nameof(Products))]
    public void Route_OfASet_HasANameOfItsOwnAndASummary(string product)
    {
        IReadOnlyList<TokenApiRoute> routes = Sets[product].Routes;

        Assert.IsNotEmpty(routes);
        Assert.AreEqual("", string.Join(", ", routes.CountBy(static route => route.Name).Where(static name => name.Value > 1)), "names that are there twice");
        foreach (TokenApiRoute route in routes)
        {
            Assert.MatchesRegex("^[a-z]+([A-Z][a-z]+)+$", route.Name);
            Assert.MatchesRegex(@"^[A-Z].+\.$", route.Summary);
            Assert.IsNotEmpty(route.Responses, route.Name);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Products))]
    public void Failures_OfASet_AreThoseOfItsDialect(string product)
    {
        TokenApiDialect dialect = Sets[product].Dialect;
        (int, string)[] said =
        [
            .. Enum.GetValues<TokenApiOutcome>()

                // A path or a method that is not there is no answer of an operation.
                .Where(static outcome => outcome is not (TokenApiOutcome.UnknownPath or TokenApiOutcome.WrongMethod))
                .Select(dialect.Say)
                .Concat(Enum.GetValues<RejectionReason>().Select(dialect.Rejected).OfType<TokenApiResponse>())
                .Select(static response => (response.Status, response.ContentType ?? ""))
                .Distinct(),
        ];
        (int, string)[] described = [.. dialect.Failures.Select(static failure => (failure.StatusCode, string.Join(',', failure.ContentTypes)))];

        CollectionAssert.AreEquivalent(said, described);
    }

    [TestMethod]
    public async Task Endpoint_OfASetThatIsMountedTwice_IsDescribedAndRoutedAsBefore()
    {
        await using SetHost host = await SetHost.StartAsync(
            static services => services.AddTokenKit().AddAmoveTokens("amove").AddQueryTokens("query").AddCanvusTokens("canvus").AddVirtuousAITokens("vai"),
            static app =>
            {
                foreach (string group in new[] { "/a", "/b" })
                {
                    RouteGroupBuilder endpoints = app.MapGroup(group);
                    endpoints.MapAmoveTokens("amove");
                    endpoints.MapQueryTokens("query");
                    endpoints.MapCanvusTokens("canvus");
                    endpoints.MapVirtuousAITokens("vai");
                }
            });
        Endpoint[] endpoints =
        [
            .. host.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.Where(static endpoint => endpoint.Metadata.GetMetadata<TokenApiRoute>() is not null),
        ];

        Assert.HasCount(2 * Sets.Values.Sum(static set => set.Routes.Count), endpoints);
        foreach (Endpoint endpoint in endpoints)
        {
            TokenApiRoute route = endpoint.Metadata.GetRequiredMetadata<TokenApiRoute>();
            Assert.AreEqual(route.Summary, endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary);
            Assert.IsGreaterThan(route.Responses.Count, endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>().Count);

            // The name would be there twice in the host, and routing would refuse bodies by their label.
            Assert.IsNull(endpoint.Metadata.GetMetadata<IEndpointNameMetadata>());
            Assert.IsNull(endpoint.Metadata.GetMetadata<IAcceptsMetadata>());
        }
    }
}
