using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace TokenKit.AspNetCore.Authentication;

/// <summary>Finds out where the host's default scheme leads, without asking any scheme to authenticate.</summary>
internal sealed class DefaultSchemes(IAuthenticationSchemeProvider schemes, IAuthenticationHandlerProvider handlers)
{
    // A scheme that forwards in a circle authenticates nobody.
    private const int MostForwards = 8;

    /// <summary>Whether the scheme that authenticates by default is this one, or forwards to it for this request.</summary>
    public async Task<bool> LeadToAsync(AuthenticationScheme scheme, HttpContext context)
    {
        AuthenticationScheme? current = await schemes.GetDefaultAuthenticateSchemeAsync().ConfigureAwait(false);
        for (int forwards = 0; current is not null && forwards < MostForwards; forwards++)
        {
            IAuthenticationHandler? handler = await handlers.GetHandlerAsync(context, current.Name).ConfigureAwait(false);
            string? target = OptionsOf(handler) is { } options
                ? options.ForwardAuthenticate ?? options.ForwardDefaultSelector?.Invoke(context) ?? options.ForwardDefault
                : null;
            if (target is null || string.Equals(target, current.Name, StringComparison.Ordinal))
            {
                return string.Equals(current.Name, scheme.Name, StringComparison.Ordinal);
            }

            current = await schemes.GetSchemeAsync(target).ConfigureAwait(false);
        }

        return false;
    }

    // Handlers that are written by hand have no options, and forward to nobody.
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(AuthenticationHandler<>))]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "The attribute above keeps the property of the base class.")]
    private static AuthenticationSchemeOptions? OptionsOf(IAuthenticationHandler? handler) =>
        handler?.GetType().GetProperty(nameof(AuthenticationHandler<>.Options))?.GetValue(handler) as AuthenticationSchemeOptions;
}
