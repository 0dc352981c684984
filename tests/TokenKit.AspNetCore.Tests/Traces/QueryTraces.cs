using System.Globalization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Endpoints.Query;
using TokenKit.AspNetCore.Tests.Endpoints.Query;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.Issuing;

namespace TokenKit.AspNetCore.Tests.Traces;

/// <summary>The traces of Query.</summary>
internal static class QueryTraces
{
    public static TraceSet Set { get; } = new(
        "Query",
        static (services, _) => services.AddTokenKit().AddQueryTokens(QueryHost.Realm),
        static app => app.MapQueryTokens(QueryHost.Realm),
        new Dictionary<string, Given>(StringComparer.Ordinal)
        {
            ["admin"] = Token(static request => request with { Kind = QueryTokensDefaults.AdminKind }),
        },
        static _ => null);

    private static Given Token(Func<IssueRequest, IssueRequest> change) => new(Make: async (host, name) =>
    {
        IssuedToken token = await host.Set.IssueAsync(change(new IssueRequest(QueryHost.Realm) { Name = name }));
        host.Keep(name, token, token.Record.Sequence.ToString(CultureInfo.InvariantCulture));
    });
}
