using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using TokenKit;
using TokenKit.AspNetCore.TokenApis;
using TokenKit.AspNetCore.TokenApis.Canvus;
using TokenKit.AspNetCore.TokenApis.Canvus.Streams;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the token API of Canvus to a host.</summary>
public static class CanvusTokensBuilderExtensions
{
    // The product knows no limit; this is the most that TokenKit keeps.
    private const int MostDescriptionCharacters = 10_000;

    /// <summary>
    /// Adds the realm of the API's tokens and the scheme that authenticates with them. Adding the same name again only configures it
    /// further.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The name of the realm and of the scheme. Each API of a host has its own.</param>
    /// <param name="configure">Sets who may call; null to leave it as it is.</param>
    /// <returns>The same builder. Mount the API with <c>app.MapCanvusTokens(name)</c>.</returns>
    /// <remarks>
    /// Who may manage whose tokens is said by <see cref="TokenKit.AspNetCore.Authorization.ITokenCallerRights"/>, which users there are by
    /// <see cref="ICanvusUsers"/>. The tokens never expire, as the product documents it.
    /// </remarks>
    public static TokenKitBuilder AddCanvusTokens(this TokenKitBuilder builder, string name, Action<CanvusTokensOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (configure is not null)
        {
            builder.Services.Configure(name, configure);
        }

        var registration = new TokenApiRegistration(CanvusEndpoints.Product, name);
        if (builder.Services.Any(service => registration.Equals(service.ImplementationInstance)))
        {
            return builder;
        }

        builder.Services.AddSingleton(registration);
        builder.Services.CheckAdditionalSchemes<CanvusTokensOptions>(registration, static options => options.AdditionalSchemes);
        builder.Services.TryAddScoped<ICanvusUsers, EveryUserExists>();
        builder.Services.AddOptions<CanvusTokensOptions>(name)
            .Validate(static options => options.Streams.IsValid, "The intervals and the timeout of Streams must be 100 milliseconds to 1 hour.")
            .ValidateOnStart();
        builder.Services.AddKeyedSingleton<TokenWatcher>(name);
        builder.Services.AddSingleton<IHostedService>(services => services.GetRequiredKeyedService<TokenWatcher>(name));
        builder.Services.AddAuthentication().AddApiToken(name, name, static scheme =>
        {
            scheme.Sources.Clear();
            scheme.Sources.Add(new ApiTokenSource.Header(CanvusTokensDefaults.HeaderName));
        });
        return builder.AddRealm(name, static realm =>
        {
            realm.Prefix = CanvusTokensDefaults.Prefix;
            realm.DefaultKind = CanvusTokensDefaults.AccessTokenKind;
            realm.IssuedScopes = ScopeSet.Create(ApiTokens.ManageScope);
            realm.MaximumNameLength = MostDescriptionCharacters;
            realm.DefaultLifetime = null;
            realm.MaximumLifetime = null;
            realm.MayNeverExpire = true;
        });
    }
}
