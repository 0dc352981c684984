using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TokenKit.Stores;

namespace TokenKit.StoreBenchmarks;

/// <summary>Tokens in their tables, and a host with the store over them, as hosts have it.</summary>
internal sealed class Side : IAsyncDisposable
{
    private readonly IHost _host;

    private Side(Product product, Population population, IHost host)
    {
        Product = product;
        Population = population;
        _host = host;
        Store = host.Services.GetRequiredService<ITokenStore>();
    }

    public Product Product { get; }

    public Population Population { get; }

    public ITokenStore Store { get; }

    /// <summary>Makes the tables, without rows.</summary>
    public static async Task<Side> StartAsync(Product product, Population population)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        product.Use(builder.Services.AddLogging().AddTokenKit().AddRealm(Population.Realm, realm => realm.Prefix = "acme"));
        IHost host = builder.Build();
        await host.StartAsync();
        return new Side(product, population, host);
    }

    /// <summary>Makes the tables and fills them, unless an earlier run has done so.</summary>
    public static async Task<Side> FillAsync(Product product, int rows)
    {
        Side side = await StartAsync(product, new Population(rows, idsAreOrdered: true));
        if (await product.ExecuteAsync($"SELECT 1 FROM {product.Table} LIMIT 1") is null)
        {
            var watch = Stopwatch.StartNew();
            await product.FillAsync(side.Population.Rows());
            int total = side.Population.Total;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {product.Name}: fill {total:N0} rows | | | {total / watch.Elapsed.TotalSeconds:N0} |"));
        }
        else
        {
            // For the ids, which are the same each time.
            _ = side.Population.Rows().Count();
        }

        return side;
    }

    public async ValueTask DisposeAsync()
    {
        _host.Dispose();
        await Product.DisposeAsync();
    }
}
