using System.Globalization;
using System.Net;
using System.Runtime;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TokenKit.LoadBenchmarks.Hosting;

/// <summary>
/// The hosts of the server process: one per contender, each with its own scheme as the default one and the same endpoint behind it. All
/// are in one process, so that they share what the runtime compiled, and only one is driven at a time.
/// </summary>
internal sealed class ServedHosts : IAsyncDisposable
{
    private static readonly byte[] Answer = "ok"u8.ToArray();

    private readonly List<WebApplication> _hosts = [];
    private readonly List<Contender> _contenders = [];
    private readonly HashRuns _hashRuns = new();

    /// <summary>Starts a host.</summary>
    /// <param name="name">The contender.</param>
    /// <param name="configure">Adds its services; null for an endpoint that is open to everybody.</param>
    /// <param name="map">Maps what it has beside the endpoint that is driven.</param>
    /// <returns>The started host; <see cref="Offer"/> tells the client of it.</returns>
    public async Task<WebApplication> StartAsync(string name, Action<IServiceCollection>? configure, Action<WebApplication>? map = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);

            // On a busy machine it may be minutes until a contender's turn comes again.
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromHours(1);
        });
        if (configure is not null)
        {
            configure(builder.Services);
            builder.Services.AddAuthorization();
        }

        WebApplication host = builder.Build();
        IEndpointConventionBuilder endpoint = name == Contender.Control ? host.MapGet("/", TellAsync) : host.MapGet("/", AnswerAsync);
        if (configure is not null)
        {
            endpoint.RequireAuthorization();
        }

        map?.Invoke(host);
        await host.StartAsync();
        _hosts.Add(host);
        return host;
    }

    public void Offer(WebApplication host, string name, IEnumerable<string> credentials, int status = StatusCodes.Status200OK)
    {
        string address = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        _contenders.Add(new Contender(name, new Uri(address).Port, [.. credentials], status));
    }

    /// <summary>Tells the parent process what there is and serves until it closes the input.</summary>
    public async Task ServeAsync()
    {
        Offer(await StartAsync(Contender.Control, configure: null), Contender.Control, []);
        Console.WriteLine(JsonSerializer.Serialize(_contenders));
        await Console.In.ReadToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (WebApplication host in _hosts)
        {
            await host.StopAsync();
            await host.DisposeAsync();
        }

        _hashRuns.Dispose();
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentLength = Answer.Length;
        await context.Response.BodyWriter.WriteAsync(Answer);
    }

    // The processor time of this process as the system counts it, in microseconds: /proc/<pid>/stat has it in hundredths of a second only.
    private Task TellAsync(HttpContext context)
    {
        string figures = string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.CpuUsage.TotalTime.TotalMicroseconds} {GC.GetTotalAllocatedBytes(precise: true)} {_hashRuns.ToVerify} {JitInfo.GetCompiledMethodCount()}");
        context.Response.ContentLength = figures.Length;
        return context.Response.WriteAsync(figures);
    }
}
