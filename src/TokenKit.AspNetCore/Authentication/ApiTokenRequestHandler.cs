using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace TokenKit.AspNetCore.Authentication;

/// <summary>The handler of a scheme of the host's own: it also ends requests that would go on as anonymous although their credential could not be verified.</summary>
internal sealed class ApiTokenRequestHandler(
    ApiTokens tokens, DefaultSchemes defaults, IOptionsMonitor<ApiTokenOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : ApiTokenHandler(tokens, options, loggers, encoder), IAuthenticationRequestHandler
{
    private bool _hasAnswered;

    /// <summary>The authentication middleware calls it before it authenticates with the default scheme.</summary>
    /// <remarks>
    /// It authenticates with this scheme alone, and only where the default scheme is this one or leads here: handlers remember their result, so
    /// that the middleware asks for it at no cost.
    /// </remarks>
    public async Task<bool> HandleRequestAsync()
    {
        // A request that is executed again, for a status page, was answered the first time.
        if (_hasAnswered || !await defaults.LeadToAsync(Scheme, Context).ConfigureAwait(false))
        {
            return false;
        }

        await HandleAuthenticateOnceAsync().ConfigureAwait(false);
        if (Credential.RetryAfter is not { } retryAfter
            || Options.ContinueWhenUnavailable
            || await IsLeftToAuthorizationAsync().ConfigureAwait(false))
        {
            return false;
        }

        _hasAnswered = true;
        AnswerUnavailable(retryAfter);
        return true;
    }

    // Some endpoints authenticate their callers themselves, and a policy that names schemes asks those. Everything else would run as anonymous,
    // or be challenged by this scheme.
    private async Task<bool> IsLeftToAuthorizationAsync()
    {
        EndpointMetadataCollection? metadata = Context.GetEndpoint()?.Metadata;
        return metadata is not null
            && metadata.GetMetadata<IAllowAnonymous>() is null
            && ((await EndpointSchemes.ForAsync(Context).ConfigureAwait(false)).Count > 0 || metadata.GetMetadata<AuthenticatesItself>() is not null);
    }
}
