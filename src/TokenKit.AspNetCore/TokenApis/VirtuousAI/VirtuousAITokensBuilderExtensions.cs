using TokenKit;
using TokenKit.AspNetCore.TokenApis;
using TokenKit.AspNetCore.TokenApis.VirtuousAI;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the token API of VirtuousAI to a host.</summary>
public static class VirtuousAITokensBuilderExtensions
{
    private const int MostNameCharacters = 255;

    /// <summary>
    /// Adds the realm of the API's tokens and the scheme that authenticates with them. Adding the same name again only configures it
    /// further.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The name of the realm and of the scheme. Each API of a host has its own.</param>
    /// <param name="configure">Sets who may call; null to leave it as it is.</param>
    /// <returns>The same builder. Mount the API with <c>app.MapVirtuousAITokens(name)</c>.</returns>
    public static TokenKitBuilder AddVirtuousAITokens(this TokenKitBuilder builder, string name, Action<VirtuousAITokensOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (configure is not null)
        {
            builder.Services.Configure(name, configure);
        }

        var registration = new TokenApiRegistration(VirtuousAIEndpoints.Product, name);
        if (builder.Services.Any(service => registration.Equals(service.ImplementationInstance)))
        {
            return builder;
        }

        builder.Services.AddSingleton(registration);
        builder.Services.CheckAdditionalSchemes<VirtuousAITokensOptions>(registration, static options => options.AdditionalSchemes);
        builder.Services.AddAuthentication().AddApiToken(name, name, static scheme =>
        {
            scheme.Sources.Add(new ApiTokenSource.Header(VirtuousAITokensDefaults.HeaderName));
            scheme.Sources.Add(new ApiTokenSource.Cookie(VirtuousAITokensDefaults.CookieName));
            scheme.WhenSeveral = WhenSeveral.FirstWins;
        });
        return builder.AddRealm(name, static realm =>
        {
            realm.Prefix = VirtuousAITokensDefaults.Prefix;
            realm.DefaultKind = VirtuousAITokensDefaults.PatKind;
            realm.AddKind(VirtuousAITokensDefaults.SessionKind).AddKind(VirtuousAITokensDefaults.DeviceKind);
            realm.IssuedScopes = ScopeSet.Create(ApiTokens.ManageScope);
            realm.MaximumNameLength = MostNameCharacters;
            realm.MaximumLifetime = TimeSpan.FromDays(365);
        });
    }
}
