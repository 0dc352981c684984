using TokenKit;
using TokenKit.AspNetCore.Recovery;
using TokenKit.AspNetCore.TokenApis;
using TokenKit.AspNetCore.TokenApis.Query;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the token API of Query to a host.</summary>
public static class QueryTokensBuilderExtensions
{
    /// <summary>
    /// Adds the realm of the API's tokens and the scheme that authenticates with them. Adding the same name again only configures it
    /// further.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The name of the realm and of the scheme. Each API of a host has its own.</param>
    /// <param name="configure">Sets who may call, and whether there is an API at all; null to leave it as it is.</param>
    /// <returns>The same builder. Mount the API with <c>app.MapQueryTokens(name)</c>.</returns>
    /// <remarks>
    /// The API shows values again, so the realm keeps them encrypted: with ASP.NET Core Data Protection, unless the host has registered an
    /// <see cref="TokenKit.Recovery.ITokenProtector"/> before. See <see cref="TokenKitBuilderExtensions.UseDataProtection"/> for its keys.
    /// </remarks>
    public static TokenKitBuilder AddQueryTokens(this TokenKitBuilder builder, string name, Action<QueryTokensOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (configure is not null)
        {
            builder.Services.Configure(name, configure);
        }

        var registration = new TokenApiRegistration(QueryEndpoints.Product, name);
        if (builder.Services.Any(service => registration.Equals(service.ImplementationInstance)))
        {
            return builder;
        }

        builder.Services.AddSingleton(registration);
        builder.Services.CheckAdditionalSchemes<QueryTokensOptions>(registration, static options => options.AdditionalSchemes);
        builder.Services.AddAuthentication().AddApiToken(name, name);
        return builder.UseSomeProtector().AddRealm(name, static realm =>
        {
            realm.Prefix = QueryTokensDefaults.Prefix;
            realm.DefaultKind = QueryTokensDefaults.ServerKind;
            realm.KeepRecoverableCopies = true;
            realm.UniqueNames = true;
            realm.MayNeverExpire = true;
            realm.DefaultLifetime = null;
            realm.MaximumLifetime = null;
            realm.IssuedScopes = ScopeSet.Create(QueryTokensDefaults.ReadScope, QueryTokensDefaults.WriteScope);
            realm.AddKind(QueryTokensDefaults.AdminKind, static kind =>
            {
                kind.UniqueNames = false;

                // What a token makes has at most its own scopes.
                kind.IssuedScopes = ScopeSet.Create(ApiTokens.ManageScope, QueryTokensDefaults.ReadScope, QueryTokensDefaults.WriteScope);
            });
        });
    }
}
