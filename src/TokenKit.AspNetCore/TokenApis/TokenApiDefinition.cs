using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TokenKit.AspNetCore.Authentication;
using TokenKit.AspNetCore.Authorization;
using TokenKit.AspNetCore.Recovery;

namespace TokenKit.AspNetCore.TokenApis;

/// <summary>The token API of one product: all that tells it from those of other products.</summary>
/// <typeparam name="TOptions">The options that a host sets for each API that it adds.</typeparam>
internal sealed record TokenApiDefinition<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>
    where TOptions : class
{
    /// <summary>The name of the product, as in <c>Add{Product}Tokens</c> and <c>Map{Product}Tokens</c>.</summary>
    public required string Product { get; init; }

    /// <summary>The operations.</summary>
    public required IReadOnlyList<TokenApiRoute> Routes { get; init; }

    /// <summary>How the product says what did not go well.</summary>
    public required TokenApiDialect Dialect { get; init; }

    /// <summary>Whether there are any operations under these options.</summary>
    public Func<TOptions, bool> IsEnabled { get; init; } = static _ => true;

    /// <summary>Other schemes of the host that callers may be authenticated by.</summary>
    public required Func<TOptions, IEnumerable<string>> AdditionalSchemes { get; init; }

    /// <summary>What lies between the pattern of the host and the paths of the routes.</summary>
    public string PathBelowPattern { get; init; } = "";

    /// <summary>How the API finds out who calls: by the scheme of its name, or else by the additional ones.</summary>
    public TokenApiCallers Callers { get; init; } = CallerResolution.ForAsync;

    /// <summary>Who may call: those who may manage their own tokens.</summary>
    public TokenApiRights Rights { get; init; } = static call => call.Rights.MayManageOwnAsync();

    /// <summary>Sets where the scheme looks for tokens. It looks for <c>Authorization: Bearer</c> unless this says otherwise.</summary>
    public Action<ApiTokenOptions>? Scheme { get; init; }

    /// <summary>Sets what tokens the realm has.</summary>
    public required Action<RealmOptions> Realm { get; init; }

    /// <summary>Whether the product shows values again, so that the realm keeps recoverable copies.</summary>
    public bool KeepsValues { get; init; }

    /// <summary>Adds what only this product needs, for the API of one name.</summary>
    public Action<IServiceCollection, string>? Services { get; init; }

    /// <summary>Adds the realm, the scheme and the services of the API under a name. Adding it again only configures it further.</summary>
    public TokenKitBuilder AddTo(TokenKitBuilder builder, string name, Action<TOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        IServiceCollection services = builder.Services;
        if (configure is not null)
        {
            services.Configure(name, configure);
        }

        if (services.Any(service => service.ImplementationInstance is TokenApiRegistration added && added.Is(Product, name)))
        {
            return builder;
        }

        services.AddSingleton(new TokenApiRegistration(Product, name, provider => AdditionalSchemes(OptionsOf(provider, name))));
        services.AddAuthorization(static options => options.AddPolicy(TokenApiDefaults.PolicyName, static policy => policy.RequireAssertion(static _ => true)));
        services.TryAddScoped<ITokenCallerRights, OwnTokensOnly>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, AdditionalSchemesCheck>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<AuthenticationOptions>, SchemesOfSets>());
        Services?.Invoke(services, name);
        services.AddAuthentication().AddApiToken<ApiTokenHandler>(name, name, Scheme);
        return (KeepsValues ? builder.UseSomeProtector() : builder).AddRealm(name, realm =>
        {
            realm.KeepRecoverableCopies |= KeepsValues;
            Realm(realm);
        });
    }

    /// <summary>Mounts the API that was added under a name.</summary>
    /// <exception cref="InvalidOperationException">Nothing was added under the name.</exception>
    public RouteGroupBuilder MapTo(IEndpointRouteBuilder endpoints, string name, string pattern)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(pattern);
        IServiceProvider services = endpoints.ServiceProvider;
        TOptions options = OptionsOf(services, name);
        if (!services.GetServices<TokenApiRegistration>().Any(added => added.Is(Product, name)))
        {
            throw new InvalidOperationException(
                $"Map{Product}Tokens(\"{name}\") finds no tokens of that name: call services.AddTokenKit().Add{Product}Tokens(\"{name}\") before the host is built.");
        }

        var api = new TokenApi(name, Dialect, [.. AdditionalSchemes(options)], services.GetRequiredService<IOptions<HashingOptions>>().Value.RetryAfter)
        {
            Callers = Callers,
            Rights = Rights,
        };
        string path = PathBelowPattern.Length == 0 ? pattern : pattern.TrimEnd('/') + PathBelowPattern;
        return endpoints.MapTokenApi(path, api, IsEnabled(options) ? Routes : []);
    }

    private static TOptions OptionsOf(IServiceProvider services, string name) => services.GetRequiredService<IOptionsMonitor<TOptions>>().Get(name);
}

/// <summary>Tells that the host added the API of a product under a name.</summary>
/// <param name="Product">The product.</param>
/// <param name="Name">The name.</param>
/// <param name="AdditionalSchemes">Reads the additional schemes of its options.</param>
internal sealed record TokenApiRegistration(string Product, string Name, Func<IServiceProvider, IEnumerable<string>> AdditionalSchemes)
{
    public bool Is(string product, string name) =>
        string.Equals(Product, product, StringComparison.Ordinal) && string.Equals(Name, name, StringComparison.Ordinal);
}
