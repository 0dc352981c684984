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

    /// <summary>Verifies the token of a request again, while its answer goes on.</summary>
    /// <param name="context">The request.</param>
    /// <param name="scheme">The scheme that verified it, unless the principal says another.</param>
    /// <param name="principal">The caller that a token made.</param>
    public static async ValueTask<VerificationResult> VerifyAgainAsync(HttpContext context, string scheme, ClaimsPrincipal principal)
    {
        IAuthenticationHandlerProvider handlers = context.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>();
        string verifiedBy = ApiTokenIdentity.From(principal)?.AuthenticationType ?? scheme;
        IAuthenticationHandler? handler = await handlers.GetHandlerAsync(context, verifiedBy).ConfigureAwait(false);
        return await ((ApiTokenHandler)handler!).VerifyNowAsync().ConfigureAwait(false);
    }
}
