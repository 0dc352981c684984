using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace TokenKit.AspNetCore.Authentication;

/// <summary>What authenticating a request with one scheme of TokenKit came to, for code that answers in a dialect of its own.</summary>
/// <param name="Credential">What was presented, and what it came to.</param>
/// <param name="Principal">The caller after the host's claims transformation; null unless the credential is valid.</param>
internal sealed record ApiTokenAuthentication(PresentedCredential Credential, ClaimsPrincipal? Principal)
{
    /// <summary>Authenticates a request, once: asking again, or after the authentication middleware, verifies nothing twice.</summary>
    /// <param name="context">The request.</param>
    /// <param name="scheme">A scheme that was added with <c>AddApiToken</c>.</param>
    public static async Task<ApiTokenAuthentication> ForAsync(HttpContext context, string scheme)
    {
        AuthenticateResult result = await context.AuthenticateAsync(scheme).ConfigureAwait(false);
        IAuthenticationHandlerProvider handlers = context.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>();
        IAuthenticationHandler? handler = await handlers.GetHandlerAsync(context, scheme).ConfigureAwait(false);
        return new ApiTokenAuthentication(((ApiTokenHandler)handler!).Credential, result.Principal);
    }
}
