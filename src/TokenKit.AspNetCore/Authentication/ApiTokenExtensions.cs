using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using TokenKit;
using TokenKit.AspNetCore.Authentication;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the authentication of requests with the tokens of TokenKit.</summary>
public static class ApiTokenExtensions
{
    /// <summary>Authenticates requests with the tokens of a realm, under the scheme <see cref="ApiTokenDefaults.AuthenticationScheme"/>.</summary>
    /// <param name="builder">The builder of the host's authentication.</param>
    /// <param name="realm">The realm, added with <c>AddTokenKit().AddRealm(…)</c>. The host does not start without it.</param>
    /// <param name="configure">Sets where credentials may be, and more; null to accept them as <c>Authorization: Bearer</c> only.</param>
    /// <returns>The same builder.</returns>
    public static AuthenticationBuilder AddApiToken(this AuthenticationBuilder builder, string realm, Action<ApiTokenOptions>? configure = null) =>
        builder.AddApiToken(ApiTokenDefaults.AuthenticationScheme, realm, configure);

    /// <summary>Authenticates requests with the tokens of a realm, under a scheme of the host's choice.</summary>
    /// <param name="builder">The builder of the host's authentication.</param>
    /// <param name="scheme">The scheme, unlike that of any other.</param>
    /// <param name="realm">The realm, added with <c>AddTokenKit().AddRealm(…)</c>. The host does not start without it.</param>
    /// <param name="configure">Sets where credentials may be, and more; null to accept them as <c>Authorization: Bearer</c> only.</param>
    /// <returns>The same builder.</returns>
    public static AuthenticationBuilder AddApiToken(
        this AuthenticationBuilder builder,
        string scheme,
        string realm,
        Action<ApiTokenOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(scheme);
        return builder.AddApiToken<ApiTokenRequestHandler>(scheme, realm, configure);
    }

    /// <summary>Adds a scheme with one of the handlers.</summary>
    internal static AuthenticationBuilder AddApiToken<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        this AuthenticationBuilder builder, string scheme, string realm, Action<ApiTokenOptions>? configure)
        where THandler : ApiTokenHandler
    {
        IServiceCollection services = builder.Services;
        services.AddTokenKit();
        services.AddAuthorization();
        services.TryAddScoped<DefaultSchemes>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ApiTokenOptions>, ApiTokenOptionsValidator>());
        services.AddOptions<ApiTokenOptions>(scheme).ValidateOnStart();
        return builder.AddScheme<ApiTokenOptions, THandler>(scheme, options =>
        {
            options.Realm = realm;
            configure?.Invoke(options);
        });
    }
}
