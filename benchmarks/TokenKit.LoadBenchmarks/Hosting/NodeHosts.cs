using System.Data.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace TokenKit.LoadBenchmarks.Hosting;

/// <summary>One of several nodes on one PostgreSQL. Beside the endpoint that is driven it has one that revokes a token.</summary>
internal static class NodeHosts
{
    public static async Task RunAsync(string postgreSql, TimeSpan maximumRevocationDelay)
    {
        await using DbDataSource source = NpgsqlDataSource.Create($"{postgreSql};{TokenKitHost.Prepared}");
        await using var hosts = new ServedHosts();
        WebApplication host = await hosts.StartAsync(
            Contender.Node,
            services => AddTo(services, source, maximumRevocationDelay),
            host => host.MapDelete("/{id:guid}", RevokeAsync));
        hosts.Offer(host, Contender.Node, []);
        await hosts.ServeAsync();
    }

    /// <summary>Issues tokens into the database.</summary>
    public static async Task<IssueResult.Issued[]> FillAsync(string postgreSql, int count)
    {
        await using DbDataSource source = NpgsqlDataSource.Create(postgreSql);
        return await TokenKitHost.FillAsync(services => AddTo(services, source, TimeSpan.Zero), count);
    }

    // With a key ring the first use of a token is no hash, and every node is as fast from the start.
    private static TokenKitBuilder AddTo(IServiceCollection services, DbDataSource source, TimeSpan maximumRevocationDelay) => services
        .AddTokens(realm => realm.MaximumRevocationDelay = maximumRevocationDelay)
        .UsePostgreSql(source, store => store.MigrateAtStart = true)
        .UseKeyRing();

    private static async Task RevokeAsync(HttpContext context, Guid id, ApiTokens tokens)
    {
        ApiToken? revoked = await tokens.RevokeAsync(Caller.Realm, id, SubjectFilter.Any);
        context.Response.StatusCode = revoked is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
    }
}
