using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using TokenKit.AspNetCore.Authentication;
using TokenKit.AspNetCore.Authorization;

namespace TokenKit.AspNetCore.TokenApis;

/// <summary>Finds out who calls a set: the host's authorization does not ask, since its answers would not be the product's.</summary>
/// <param name="Caller">The caller; null when there is none.</param>
/// <param name="IsAttachedByBrowser">Whether a browser may have attached the credential on behalf of another site.</param>
/// <param name="Problem">Why there is no caller.</param>
/// <param name="ExpiresAt">When a credential of another scheme expires, as far as that scheme says so.</param>
internal readonly record struct CallerResolution(
    TokenCaller? Caller,
    bool IsAttachedByBrowser = false,
    TokenApiOutcome Problem = TokenApiOutcome.CredentialMissing,
    DateTimeOffset? ExpiresAt = null)
{
    /// <summary>The caller by a token of the set's realm, or by what an additional scheme of the set finds in the request.</summary>
    public static async Task<CallerResolution> ForAsync(HttpContext context, TokenApi set)
    {
        ApiTokenAuthentication authentication = await ApiTokenAuthentication.ForAsync(context, set.Name).ConfigureAwait(false);
        return authentication.Credential switch
        {
            PresentedCredential.None => await FromAdditionalSchemesAsync(context, set, TokenApiOutcome.CredentialMissing).ConfigureAwait(false),

            // What is no token may be a credential of the host's, such as a JWT. A token that was refused stays refused.
            PresentedCredential.Verified { Result: VerificationResult.Refused { Reason: RefusalReason.Malformed or RefusalReason.Foreign } } =>
                await FromAdditionalSchemesAsync(context, set, TokenApiOutcome.CredentialRefused).ConfigureAwait(false),
            _ => FromToken(authentication),
        };
    }

    /// <summary>The caller by a token of the set's realm, and by nothing else.</summary>
    public static CallerResolution FromToken(ApiTokenAuthentication authentication) => authentication.Credential switch
    {
        PresentedCredential.Verified { Source: var source, Result: VerificationResult.Valid { Token: var token } } =>
            new(new TokenCaller(authentication.Principal!, token.Subject, token), source.IsAttachedByBrowser),
        PresentedCredential.Verified { Result: VerificationResult.Unavailable } => new(null, Problem: TokenApiOutcome.Unavailable),
        PresentedCredential.None => new(null, Problem: TokenApiOutcome.CredentialMissing),
        _ => new(null, Problem: TokenApiOutcome.CredentialRefused),
    };

    /// <summary>The caller by the first additional scheme of the set that succeeds.</summary>
    public static async Task<CallerResolution> FromAdditionalSchemesAsync(HttpContext context, TokenApi set, TokenApiOutcome otherwise)
    {
        foreach (string scheme in set.AdditionalSchemes)
        {
            AuthenticateResult result = await context.AuthenticateAsync(scheme).ConfigureAwait(false);
            if (result.Succeeded)
            {
                if (CarriesToken(result.Principal, set.Name, out ApiToken? token))
                {
                    return token is null
                        ? new(null, Problem: TokenApiOutcome.CredentialRefused)
                        : new(new TokenCaller(result.Principal, token.Subject, token), !HasBearer(context.Request));
                }

                string subject = result.Principal.FindFirstValue(ClaimTypes.NameIdentifier) ?? result.Principal.FindFirstValue("sub") ?? "";
                return new(new TokenCaller(result.Principal, subject, null), !HasBearer(context.Request), ExpiresAt: result.Properties?.ExpiresUtc);
            }

            otherwise = result.Failure is CredentialUnverifiedException ? TokenApiOutcome.Unavailable
                : result.None || otherwise == TokenApiOutcome.Unavailable ? otherwise
                : TokenApiOutcome.CredentialRefused;
        }

        return new(null, Problem: otherwise);
    }

    // A scheme of the host may forward to one of TokenKit's. Its token has the rights of a token, in its own realm, and none in another.
    private static bool CarriesToken(ClaimsPrincipal principal, string realm, out ApiToken? token)
    {
        ApiToken[] tokens = [.. principal.Identities.OfType<ApiTokenIdentity>().Select(static identity => identity.Token)];
        token = tokens is [var one] && string.Equals(one.Realm, realm, StringComparison.Ordinal) ? one : null;
        return tokens.Length > 0 || principal.HasClaim(static claim => claim.Type is ApiTokenDefaults.TokenIdClaimType or ApiTokenDefaults.RealmClaimType);
    }

    // Nobody knows how a scheme of the host reads its credential, but no browser sends this header by itself, nor for another site unasked.
    private static bool HasBearer(HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase);
}
