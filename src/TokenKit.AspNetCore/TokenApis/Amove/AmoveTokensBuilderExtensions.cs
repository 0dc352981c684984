using TokenKit;
using TokenKit.AspNetCore.Recovery;
using TokenKit.AspNetCore.TokenApis;
using TokenKit.AspNetCore.TokenApis.Amove;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the API tokens of Amove to a host.</summary>
public static class AmoveTokensBuilderExtensions
{
    /// <summary>
    /// Adds the realm of the tokens and the scheme that authenticates with them. Adding the same name again only configures it further.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The name of the realm and of the scheme. Each API of a host has its own.</param>
    /// <param name="configure">Sets who may call, and who sees values; null to leave it as it is.</param>
    /// <returns>The same builder. Mount the API with <c>app.MapAmoveTokens(name)</c>.</returns>
    /// <remarks>
    /// <para>
    /// The API shows values again, so the realm keeps them encrypted: with ASP.NET Core Data Protection, unless the host has registered an
    /// <see cref="TokenKit.Recovery.ITokenProtector"/> before. See <see cref="TokenKitBuilderExtensions.UseDataProtection"/> for its keys.
    /// </para>
    /// <para>
    /// Its credentials are in the URL. The framework logs URLs before any code of TokenKit runs: set the category
    /// <c>Microsoft.AspNetCore.Hosting.Diagnostics</c> to Warning, and see <c>docs/endpoint-sets/amove.md</c> for HTTP logging and proxies.
    /// </para>
    /// </remarks>
    public static TokenKitBuilder AddAmoveTokens(this TokenKitBuilder builder, string name, Action<AmoveTokensOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (configure is not null)
        {
            builder.Services.Configure(name, configure);
        }

        var registration = new TokenApiRegistration(AmoveEndpoints.Product, name);
        if (builder.Services.Any(service => registration.Equals(service.ImplementationInstance)))
        {
            return builder;
        }

        builder.Services.AddSingleton(registration);
        builder.Services.CheckAdditionalSchemes<AmoveTokensOptions>(registration, static options => options.AdditionalSchemes);
        builder.Services.AddAuthentication().AddApiToken(name, name, static scheme =>
        {
            scheme.Sources.Clear();
            scheme.Sources.Add(new ApiTokenSource.Query(AmoveTokensDefaults.TokenParameter));
        });
        return builder.UseSomeProtector().AddRealm(name, static realm =>
        {
            realm.Prefix = AmoveTokensDefaults.Prefix;
            realm.KeepRecoverableCopies = true;
            realm.MayNeverExpire = true;
            realm.DefaultLifetime = null;
            realm.MaximumLifetime = null;
            realm.IssuedScopes = ScopeSet.Create(ApiTokens.ManageScope);
        });
    }
}
