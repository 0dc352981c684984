using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace TokenKit.LoadBenchmarks.Hosting;

/// <summary>What the hosts of TokenKit have in common.</summary>
internal static class TokenKitHost
{
    public const string Prefix = "acme";

    /// <summary>What docs/stores.md tells hosts to set for PostgreSQL; the contender by hand has the same.</summary>
    public const string Prepared = "Max Auto Prepare=40;No Reset On Close=true";

    /// <summary>Adds TokenKit with one realm, and its scheme as the default one.</summary>
    public static TokenKitBuilder AddTokens(this IServiceCollection services, Action<RealmOptions>? configure = null)
    {
        services.AddAuthentication(ApiTokenDefaults.AuthenticationScheme).AddApiToken(Caller.Realm);
        return services.AddTokenKit().AddRealm(Caller.Realm, realm =>
        {
            realm.Prefix = Prefix;
            realm.IssuedScopes = ScopeSet.Create(Caller.AllScopes);
            configure?.Invoke(realm);
        });
    }

    public static TokenKitBuilder UseFile(this TokenKitBuilder builder, string file) =>
        builder.UseSqlite(SqliteFactory.Instance.CreateDataSource($"Data Source={file}"), store => store.MigrateAtStart = true);

    /// <summary>A ring with one key: every process that adds it has the same.</summary>
    public static TokenKitBuilder UseKeyRing(this TokenKitBuilder builder) => builder.UseKeyRing(keys =>
    {
        keys.CurrentKeyId = "bench";
        keys.AddKey(keys.CurrentKeyId, SHA256.HashData("The server and who fills its store have the same key."u8));
    });

    /// <summary>Issues tokens into a store that a server then reads, as many at once as there are processors.</summary>
    public static async Task<IssueResult.Issued[]> FillAsync(Func<IServiceCollection, TokenKitBuilder> addTokens, int count)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddLogging();
        addTokens(builder.Services).ConfigureHashing(hashing => hashing.MaximumConcurrency = Environment.ProcessorCount);
        using IHost host = builder.Build();
        await host.StartAsync();
        List<IssueResult.Issued>[] issued = await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount)
            .Select(_ => Task.Run(() => IssueAsync(host.Services, count / Environment.ProcessorCount))));
        await host.StopAsync();
        return [.. issued.SelectMany(part => part)];
    }

    /// <summary>Issues a token for each caller.</summary>
    public static async Task<List<IssueResult.Issued>> IssueAsync(IServiceProvider services, int count)
    {
        ApiTokens tokens = services.GetRequiredService<ApiTokens>();
        List<IssueResult.Issued> issued = [];
        for (int number = 0; number < count; number++)
        {
            issued.Add((IssueResult.Issued)await tokens.IssueAsync(new IssueRequest(Caller.Realm) { Subject = $"user {number}", Name = $"token {number}" }));
        }

        return issued;
    }

    /// <summary>Issues tokens and deletes them: whole and well-formed, but of an id that nobody has.</summary>
    public static async Task<List<string>> IssueUnknownAsync(WebApplication host, int count)
    {
        List<IssueResult.Issued> issued = await IssueAsync(host.Services, count);
        foreach (IssueResult.Issued one in issued)
        {
            await host.Services.GetRequiredService<ApiTokens>().DeleteAsync(Caller.Realm, one.Token.Id, SubjectFilter.Any);
        }

        return [.. issued.Select(one => one.Plaintext.Reveal())];
    }
}
