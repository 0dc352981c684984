using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using TokenKit.AspNetCore.TokenApis.Canvus.Streams;

namespace TokenKit.AspNetCore.TokenApis.Canvus;

/// <summary>The token API of Canvus.</summary>
internal static class CanvusDefinition
{
    public static readonly TokenApiDefinition<CanvusTokensOptions> Instance = new()
    {
        Product = "Canvus",
        Routes = CanvusEndpoints.Routes,
        Dialect = new TokenApiDialect(CanvusDialect.Say, CanvusDialect.Rejected, CanvusDialect.Failures),
        AdditionalSchemes = static options => options.AdditionalSchemes,
        PathBelowPattern = $"/{{{CanvusEndpoints.UserId}}}/access-tokens",
        Scheme = static scheme =>
        {
            scheme.Sources.Clear();
            scheme.Sources.Add(new ApiTokenSource.Header(CanvusTokensDefaults.HeaderName));
        },
        Realm = static realm =>
        {
            realm.Prefix = CanvusTokensDefaults.Prefix;
            realm.DefaultKind = CanvusTokensDefaults.AccessTokenKind;
            realm.IssuedScopes = ScopeSet.Create(ApiTokens.ManageScope);
            realm.MaximumNameLength = MostDescriptionCharacters;
            realm.DefaultLifetime = null;
            realm.MaximumLivingTokens = TokenApiDefaults.LivingTokens;
            realm.MaximumLifetime = null;
            realm.MayNeverExpire = true;
        },
        Services = AddStreams,
    };

    // The product knows no limit; this is the most that TokenKit keeps.
    private const int MostDescriptionCharacters = 10_000;

    private static void AddStreams(IServiceCollection services, string name)
    {
        services.TryAddScoped<ICanvusUsers, EveryUserExists>();
        services.AddOptions<CanvusTokensOptions>(name)
            .Validate(static options => options.Streams.IsValid, "The intervals and the timeout of Streams must be 100 milliseconds to 1 hour, and MaximumPerCaller at least 1, or null.")
            .ValidateOnStart();
        services.AddKeyedSingleton<TokenWatcher>(name);
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<TokenWatcher>(name));
    }
}
