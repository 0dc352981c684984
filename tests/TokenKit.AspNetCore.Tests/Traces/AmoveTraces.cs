using Microsoft.AspNetCore.Routing;
using TokenKit.AspNetCore.Tests.Endpoints.Amove;
using TokenKit.AspNetCore.Tests.Hosting;
using TokenKit.Issuing;

namespace TokenKit.AspNetCore.Tests.Traces;

/// <summary>The traces of Amove, in a host whose JWTs may call. There are the users 1001, who calls, and 1002.</summary>
internal static class AmoveTraces
{
    public static TraceSet Set { get; } = new(
        "Amove",
        static (services, clock) => AmoveHost.AddServices(services, clock),
        static app => app.MapAmoveTokens(AmoveHost.Realm),
        new Dictionary<string, Given>(StringComparer.Ordinal)
        {
            ["jwt"] = Given.Text(static host => Jwt(host)),
            ["token"] = Token(static request => request),
        },
        static _ => null);

    private static string Jwt(TraceHost host, string subject = AmoveHost.Subject) => AmoveHost.Jwt(subject, from: host.Clock.Now);

    private static Given Token(Func<IssueRequest, IssueRequest> change) => new(Make: async (host, name) =>
    {
        IssuedToken token = await host.Set.IssueAsync(change(new IssueRequest(AmoveHost.Realm) { Subject = AmoveHost.Subject, Name = name }));
        host.Keep(name, token, token.Record.Id.ToString());
    });
}
