using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TokenKit.Stores;

namespace TokenKit.StoreBenchmarks;

/// <summary>A host with the store as hosts have it, and a schema that is current.</summary>
internal sealed class Node : IDisposable
{
    private readonly IHost _host;

    private Node(IHost host)
    {
        _host = host;
        Store = host.Services.GetRequiredService<ITokenStore>();
    }

    public ITokenStore Store { get; }

    public static async Task<Node> StartAsync(Product product)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        product.Use(builder.Services.AddLogging().AddTokenKit().AddRealm(Population.Realm, realm => realm.Prefix = "acme"));
        IHost host = builder.Build();
        await host.StartAsync();
        return new Node(host);
    }

    public void Dispose() => _host.Dispose();
}
