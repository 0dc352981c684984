using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Authentication;
using TokenKit.Issuing;
using TokenKit.Policy;

namespace TokenKit.LoadBenchmarks.Hosting;

/// <summary>What the hosts of TokenKit have in common.</summary>
internal static class TokenKitHost
{
    public const string Prefix = "acme";

    /// <summary>Adds TokenKit with one realm, and its scheme as the default one.</summary>
    public static TokenKitBuilder AddTokens(this IServiceCollection services, Action<RealmOptions>? configure = null)
    {
        services.AddAuthentication(ApiTokenDefaults.AuthenticationScheme).AddApiToken(Caller.Realm);
        return services.AddTokenKit().AddRealm(Caller.Realm, realm =>
        {
            realm.Prefix = Prefix;
            realm.IssuedScopes = ScopeSet.Of(Caller.AllScopes);
            configure?.Invoke(realm);
        });
    }

    public static TokenKitBuilder UseFile(this TokenKitBuilder builder, string file) =>
        builder.UseSqlite(SqliteFactory.Instance.CreateDataSource($"Data Source={file}"), store => store.MigrateAtStart = true);

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
            await host.Services.GetRequiredService<ApiTokens>().DeleteAsync(Caller.Realm, one.Token.Id, Stores.SubjectFilter.Any);
        }

        return [.. issued.Select(one => one.Plaintext.Reveal())];
    }
}
