using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace TokenKit.AspNetCore.TokenApis;

/// <summary>The additional schemes that the options of one set name.</summary>
internal sealed record AdditionalSchemesOf(TokenApiRegistration Set, Func<IServiceProvider, IEnumerable<string>> Read);

/// <summary>Keeps a host from starting whose sets name schemes that it does not have: who calls without a token would be answered 500.</summary>
/// <remarks>It looks when everything is added, so that schemes that a host adds while it runs up count too.</remarks>
internal sealed class AdditionalSchemesCheck(
    IEnumerable<AdditionalSchemesOf> sets,
    IAuthenticationSchemeProvider provider,
    IServiceProvider services) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (AdditionalSchemesOf set in sets)
        {
            foreach (string scheme in set.Read(services))
            {
                if (scheme is null || await provider.GetSchemeAsync(scheme).ConfigureAwait(false) is null)
                {
                    IEnumerable<AuthenticationScheme> known = await provider.GetAllSchemesAsync().ConfigureAwait(false);
                    throw new InvalidOperationException(
                        $"Add{set.Set.Product}Tokens(\"{set.Set.Name}\"): AdditionalSchemes names the authentication scheme '{scheme}', which the host does not have. " +
                        $"It has {string.Join(", ", known.Select(known => $"'{known.Name}'"))}.");
                }
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Has the additional schemes of sets checked.</summary>
internal static class AdditionalSchemesCheckExtensions
{
    public static void CheckAdditionalSchemes<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        this IServiceCollection services,
        TokenApiRegistration set,
        Func<TOptions, IEnumerable<string>> schemesOf)
        where TOptions : class
    {
        services.AddSingleton(new AdditionalSchemesOf(set, provider => schemesOf(provider.GetRequiredService<IOptionsMonitor<TOptions>>().Get(set.Name))));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, AdditionalSchemesCheck>());
    }
}
