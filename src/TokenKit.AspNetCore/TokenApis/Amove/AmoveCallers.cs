using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Authentication;

namespace TokenKit.AspNetCore.TokenApis.Amove;

/// <summary>Finds out who calls. The product knows one place for a credential, a query parameter, and two kinds: API tokens and JWTs of a login.</summary>
internal static class AmoveCallers
{
    public static async Task<CallerResolution> ForAsync(HttpContext context, TokenApi set) =>
        QueryText.All(context.Request, AmoveTokensDefaults.TokenParameter) switch
        {
            [] or [""] => new(null, Problem: TokenApiOutcome.CredentialMissing),
            [var text] when context.RequestServices.GetRequiredService<ApiTokens>().HasPrefix(set.Name, text) =>
                CallerResolution.FromToken(await ApiTokenAuthentication.ForAsync(context, set.Name).ConfigureAwait(false)),
            [var text] => await FromHostAsync(context, set, text).ConfigureAwait(false),
            _ => new(null, Problem: TokenApiOutcome.CredentialRefused),
        };

    // The schemes of the host look for credentials in other places, and one that ran already remembers that it found none. So they are shown a
    // request with nothing in it but the text, where they expect it, and in a scope of its own, which has handlers of its own.
    private static async Task<CallerResolution> FromHostAsync(HttpContext context, TokenApi set, string text)
    {
        AsyncServiceScope scope = context.RequestServices.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var shown = new DefaultHttpContext
            {
                RequestServices = scope.ServiceProvider,
                RequestAborted = context.RequestAborted,
                TraceIdentifier = context.TraceIdentifier,
            };
            shown.Request.Method = context.Request.Method;
            shown.Request.Scheme = context.Request.Scheme;
            shown.Request.Host = context.Request.Host;
            shown.Request.PathBase = context.Request.PathBase;
            shown.Request.Path = context.Request.Path;
            shown.Request.Headers.Authorization = $"Bearer {text}";
            return await CallerResolution.FromAdditionalSchemesAsync(shown, set, TokenApiOutcome.CredentialRefused).ConfigureAwait(false);
        }
    }
}
