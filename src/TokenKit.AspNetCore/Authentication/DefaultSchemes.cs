using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace TokenKit.AspNetCore.Authentication;

/// <summary>Finds out where the host's default scheme leads, without asking any scheme to authenticate.</summary>
internal sealed class DefaultSchemes(IAuthenticationSchemeProvider schemes, IAuthenticationHandlerProvider handlers)
{
    // Schemes that forward in a circle have no result.
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

    // Handlers without the framework's base class have no options, and forward to no other scheme. A handler may hide the property behind one of
    // its own, so that of the base class is asked.
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(AuthenticationHandler<>))]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "The attribute above keeps the property of the base class.")]
    private static AuthenticationSchemeOptions? OptionsOf(IAuthenticationHandler? handler)
    {
        for (Type? type = handler?.GetType(); type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(AuthenticationHandler<>))
            {
                PropertyInfo? options = type.GetProperty(nameof(AuthenticationHandler<>.Options), BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly);
                return options?.GetValue(handler) as AuthenticationSchemeOptions;
            }
        }

        return null;
    }
}
