using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Hosting;

namespace TokenKit.AspNetCore.TokenApis;

/// <summary>
/// Refuses to start a host whose token APIs name schemes that it does not have. Callers without a token would be answered 500.
/// </summary>
/// <remarks>It looks when everything is added, so that schemes that a host adds while it starts count too.</remarks>
internal sealed class AdditionalSchemesCheck(
    IEnumerable<TokenApiRegistration> apis,
    IAuthenticationSchemeProvider provider,
    IServiceProvider services) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (TokenApiRegistration api in apis)
        {
            foreach (string scheme in api.AdditionalSchemes(services))
            {
                if (scheme is null || await provider.GetSchemeAsync(scheme).ConfigureAwait(false) is null)
                {
                    IEnumerable<AuthenticationScheme> known = await provider.GetAllSchemesAsync().ConfigureAwait(false);
                    throw new InvalidOperationException(
                        $"Add{api.Product}Tokens(\"{api.Name}\"): AdditionalSchemes names the authentication scheme '{scheme}', which the host does not have. " +
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
