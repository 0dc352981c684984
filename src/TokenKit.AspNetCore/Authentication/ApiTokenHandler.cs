using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using TokenKit.AspNetCore.Diagnostics;

namespace TokenKit.AspNetCore.Authentication;

/// <summary>Authenticates requests with the tokens of a realm and answers those that may not go on as RFC 6750 says.</summary>
internal sealed class ApiTokenHandler(
    ApiTokens tokens,
    IAuthenticationSchemeProvider schemes,
    IAuthenticationHandlerProvider handlers,
    IOptionsMonitor<ApiTokenOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder)
    : AuthenticationHandler<ApiTokenOptions>(options, loggers, encoder), IAuthenticationRequestHandler
{
    private const string NoStore = "no-store";
    private const string PrivateNoStore = "private, no-store";

    /// <summary>What the request presented to this scheme; nothing, until it was authenticated.</summary>
    public PresentedCredential Credential { get; private set; } = PresentedCredential.None.Instance;

    /// <summary>
    /// Ends a request that would go on as anonymous although its credential could not be verified. The authentication middleware calls it
    /// before it authenticates with the default scheme.
    /// </summary>
    public async Task<bool> HandleRequestAsync()
    {
        // The default scheme may be this one, or forward to it. Handlers remember their result, so the middleware asks for it at no cost.
        AuthenticationScheme? scheme = await schemes.GetDefaultAuthenticateSchemeAsync().ConfigureAwait(false);
        if (string.Equals(scheme?.Name, Scheme.Name, StringComparison.Ordinal) && ResolveTarget(Options.ForwardAuthenticate) is null)
        {
            await HandleAuthenticateOnceAsync().ConfigureAwait(false);
        }
        else if (scheme is not null && await handlers.GetHandlerAsync(Context, scheme.Name).ConfigureAwait(false) is { } handler)
        {
            await handler.AuthenticateAsync().ConfigureAwait(false);
        }

        if (Credential.RetryAfter is not { } retryAfter
            || Options.ContinueWhenUnavailable
            || await IsLeftToAuthorizationAsync().ConfigureAwait(false))
        {
            return false;
        }

        AnswerUnavailable(retryAfter);
        return true;
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (FindCredential(out ReadOnlyMemory<char> text) is { } source)
        {
            VerificationResult result = await tokens.VerifyAsync(Options.Realm, text, Context.RequestAborted).ConfigureAwait(false);
            Credential = new PresentedCredential.Verified(source, result);
        }

        return Credential switch
        {
            PresentedCredential.None => AuthenticateResult.NoResult(),
            PresentedCredential.Unreadable => AuthenticateResult.Fail("The credential is malformed, or there are several."),
            PresentedCredential.Verified { Result: VerificationResult.Valid valid } => AuthenticateResult.Success(TicketFor(valid.Token)),
            PresentedCredential.Verified { Result: VerificationResult.Unavailable } => AuthenticateResult.Fail(new CredentialUnverifiedException()),
            _ => AuthenticateResult.Fail("The token is not valid."),
        };
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        await HandleAuthenticateOnceAsync().ConfigureAwait(false);
        switch (Credential)
        {
            case { RetryAfter: { } retryAfter }:
                AnswerUnavailable(retryAfter);
                break;
            case PresentedCredential.Unreadable:
                Answer(BearerChallenge.InvalidRequest(Options.Realm));
                KeptStatus.Set(Response, StatusCodes.Status400BadRequest);
                break;
            case PresentedCredential.Verified { Result: VerificationResult.Refused }:
                Answer(BearerChallenge.InvalidToken(Options.Realm));
                Response.StatusCode = StatusCodes.Status401Unauthorized;
                break;
            default:
                Answer(BearerChallenge.Bare(Options.Realm));
                Response.StatusCode = StatusCodes.Status401Unauthorized;
                break;
        }
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        await HandleAuthenticateOnceAsync().ConfigureAwait(false);
        if (Credential.RetryAfter is { } retryAfter)
        {
            AnswerUnavailable(retryAfter);
            return;
        }

        Response.StatusCode = StatusCodes.Status403Forbidden;
        if (Credential is PresentedCredential.Verified { Result: VerificationResult.Valid })
        {
            Answer(BearerChallenge.InsufficientScope(Options.Realm, RequiredScopes.For(Context)));
        }
    }

    // The source that has the one credential to verify; without one, Credential says what there is instead.
    private ApiTokenSource? FindCredential(out ReadOnlyMemory<char> text)
    {
        ApiTokenSource? source = null;
        text = default;
        for (int i = 0; i < Options.Sources.Count; i++)
        {
            if (!Options.Sources[i].TryRead(Request, out ReadOnlyMemory<char> found))
            {
                continue;
            }

            if (Options.Sources[i] is ApiTokenSource.Query)
            {
                PreventCaching();
            }

            if (source is not null)
            {
                Log.SeveralCredentials(Logger, Scheme.Name);
                Credential = PresentedCredential.Unreadable.Instance;
                return null;
            }

            source = Options.Sources[i];
            text = found;
            if (Options.WhenSeveral == WhenSeveral.FirstWins)
            {
                break;
            }
        }

        if (source is not null && text.IsEmpty)
        {
            Log.MalformedCredential(Logger, Scheme.Name);
            Credential = PresentedCredential.Unreadable.Instance;
            return null;
        }

        return source;
    }

    private AuthenticationTicket TicketFor(ApiToken token) =>
        new(new ClaimsPrincipal(new ApiTokenIdentity(token, Scheme.Name, ClaimsIssuer)), Scheme.Name);

    // Some endpoints authenticate their callers themselves, and a policy that names schemes asks those. Everything else would run as anonymous,
    // or be challenged by this scheme.
    private async Task<bool> IsLeftToAuthorizationAsync()
    {
        EndpointMetadataCollection? metadata = Context.GetEndpoint()?.Metadata;
        if (metadata is null
            || metadata.GetMetadata<IAllowAnonymous>() is not null
            || Context.RequestServices.GetService<IAuthorizationPolicyProvider>() is not { } policies)
        {
            return false;
        }

        AuthorizationPolicy? policy = await AuthorizationPolicy.CombineAsync(
            policies, metadata.GetOrderedMetadata<IAuthorizeData>(), metadata.GetOrderedMetadata<AuthorizationPolicy>()).ConfigureAwait(false);
        return policy?.AuthenticationSchemes.Count > 0 || metadata.GetMetadata<AuthenticatesItself>() is not null;
    }

    private void AnswerUnavailable(TimeSpan retryAfter)
    {
        Log.AnsweredUnavailable(Logger, Scheme.Name);
        double seconds = Math.Max(1, Math.Ceiling(retryAfter.TotalSeconds));
        Response.Headers.RetryAfter = seconds.ToString("F0", CultureInfo.InvariantCulture);
        Response.Headers.CacheControl = NoStore;
        KeptStatus.Set(Response, StatusCodes.Status503ServiceUnavailable);
    }

    private void Answer(string challenge)
    {
        Response.Headers.Append(HeaderNames.WWWAuthenticate, challenge);
        Response.Headers.CacheControl = NoStore;
    }

    // RFC 6750 §2.3. Response caching looks before the response starts; an endpoint may overwrite the header until it does.
    private void PreventCaching()
    {
        Response.Headers.CacheControl = PrivateNoStore;
        Response.OnStarting(() =>
        {
            Response.Headers.CacheControl = PrivateNoStore;
            return Task.CompletedTask;
        });
    }
}
