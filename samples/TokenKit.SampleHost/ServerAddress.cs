using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace TokenKit.SampleHost;

/// <summary>Where the server really listens.</summary>
internal static class ServerAddress
{
    /// <summary>The port that the server has, under an address that a client on this machine can use.</summary>
    public static string Of(IServer server)
    {
        var address = new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.First()
            .Replace("://+", "://0.0.0.0", StringComparison.Ordinal)
            .Replace("://*", "://0.0.0.0", StringComparison.Ordinal));
        string host = address.Host is "0.0.0.0" or "[::]" ? "127.0.0.1" : address.Host;
        return $"{address.Scheme}://{host}:{address.Port}";
    }
}
