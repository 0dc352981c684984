using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.Format;

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

    /// <summary>Issues tokens into a file.</summary>
    public static Task<IssueResult.Issued[]> FillAsync(string file, int count, bool hasKeyRing) =>
        TokenKitHost.FillAsync(services => AddTo(services, file, hasKeyRing), count);

    private static TokenKitBuilder AddTo(IServiceCollection services, string file, bool hasKeyRing)
    {
        TokenKitBuilder builder = services.AddTokens().UseFile(file);
        return hasKeyRing ? builder.UseKeyRing() : builder;
    }

    /// <summary>A text with the id of a token, the secret of another one and a checksum that is right.</summary>
    public static string Forge(ApiToken known, ReadOnlySpan<byte> secret) => TokenText.Write(TokenKitHost.Prefix, known.Id, secret);
}
