using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TokenKit.Format;
using TokenKit.Issuing;

namespace TokenKit.LoadBenchmarks.Hosting;

/// <summary>
/// The server of the cold start and of the flood: TokenKit over a file that has its tokens already, and an endpoint that is open to everybody.
/// </summary>
internal static class TokenHosts
{
    public static async Task RunAsync(string file, bool hasKeyRing)
    {
        await using var hosts = new ServedHosts();
        hosts.Offer(await hosts.StartAsync(Contender.Anonymous, configure: null), Contender.Anonymous, []);
        WebApplication host = await hosts.StartAsync(Contender.Sqlite, services => AddTo(services, file, hasKeyRing));
        hosts.Offer(host, Contender.Sqlite, []);
        await hosts.ServeAsync();
    }

    /// <summary>Issues tokens into a file, as many at once as there are processors.</summary>
    public static async Task<IssueResult.Issued[]> FillAsync(string file, int count, bool hasKeyRing)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddLogging();
        AddTo(builder.Services, file, hasKeyRing).ConfigureHashing(hashing => hashing.MaximumConcurrency = Environment.ProcessorCount);
        using IHost host = builder.Build();
        await host.StartAsync();
        List<IssueResult.Issued>[] issued = await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount)
            .Select(_ => Task.Run(() => TokenKitHost.IssueAsync(host.Services, count / Environment.ProcessorCount))));
        await host.StopAsync();
        return [.. issued.SelectMany(part => part)];
    }

    private static TokenKitBuilder AddTo(IServiceCollection services, string file, bool hasKeyRing)
    {
        TokenKitBuilder builder = services.AddTokens().UseFile(file);
        return !hasKeyRing ? builder : builder.UsePepper(pepper =>
        {
            pepper.CurrentKeyId = "bench";
            pepper.AddKey(pepper.CurrentKeyId, SHA256.HashData("The server and who fills its file have the same key."u8));
        });
    }

    /// <summary>A text with the id of a token, the secret of another one and a checksum that is right.</summary>
    public static string Forge(ApiToken known, ReadOnlySpan<byte> secret) => TokenText.Write(TokenKitHost.Prefix, known.Id, secret);
}
