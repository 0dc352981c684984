using TokenKit;
using TokenKit.AspNetCore.Authentication;

namespace Microsoft.AspNetCore.Http;

/// <summary>Gives the token of a request.</summary>
public static class ApiTokenHttpContextExtensions
{
    /// <summary>The token that authenticated the request's user.</summary>
    /// <param name="context">The request.</param>
    /// <returns>
    /// The token; null when <see cref="HttpContext.User"/> was not authenticated by a scheme of TokenKit, or was replaced by a user without
    /// that identity. It is the token as it was when the request was authenticated.
    /// </returns>
    public static ApiToken? GetApiToken(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ApiTokenIdentity.From(context.User)?.Token;
    }
}
