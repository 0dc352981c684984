using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using TokenKit.AspNetCore.Diagnostics;

namespace TokenKit.AspNetCore.Authentication;

/// <summary>
/// Authenticates requests with the tokens of a realm and answers those that may not go on as RFC 6750 says. This is the handler of endpoint
/// sets, which answer themselves; a scheme of the host's own has <see cref="ApiTokenRequestHandler"/>.
/// </summary>
internal class ApiTokenHandler(ApiTokens tokens, IOptionsMonitor<ApiTokenOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<ApiTokenOptions>(options, loggers, encoder)
{
    private const string NoStore = "no-store";
    private const string PrivateNoStore = "private, no-store";

    private ReadOnlyMemory<char> _text;

    /// <summary>What the request presented to this scheme; nothing, until it was authenticated.</summary>
    public PresentedCredential Credential { get; private set; } = PresentedCredential.None.Instance;

    /// <summary>Verifies the text that the request presented as it is now. Without one it is refused.</summary>
    public ValueTask<VerificationResult> VerifyNowAsync() => tokens.VerifyAsync(Options.Realm, _text, Context.RequestAborted);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (FindCredential(out ReadOnlyMemory<char> text) is { } source)
        {
            _text = text;
            VerificationResult result = await VerifyNowAsync().ConfigureAwait(false);
            Credential = new PresentedCredential.Verified(source, result);
        }

        return Credential switch
        {
            PresentedCredential.None => AuthenticateResult.NoResult(),

            // Another scheme may read the same place. Should this one answer after all, its challenge says that the credential is no good.
            PresentedCredential.Verified { Result: VerificationResult.Refused { Reason: RefusalReason.Foreign } } => AuthenticateResult.NoResult(),
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
                await SetStatusAsync(StatusCodes.Status503ServiceUnavailable).ConfigureAwait(false);
                break;
            case PresentedCredential.Unreadable:
                Answer(BearerChallenge.InvalidRequest(Options.Realm));
                await SetStatusAsync(StatusCodes.Status400BadRequest).ConfigureAwait(false);
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
            await SetStatusAsync(StatusCodes.Status503ServiceUnavailable).ConfigureAwait(false);
            return;
        }

        Response.StatusCode = StatusCodes.Status403Forbidden;
        if (Credential is PresentedCredential.Verified { Result: VerificationResult.Valid })
        {
            if (ApiTokenIdentity.From(Context.User) is null)
            {
                Log.IdentityDropped(Logger, Scheme.Name);
            }

            Answer(BearerChallenge.InsufficientScope(Options.Realm, RequiredScopes.For(Context)));
        }
    }

    // The source that has the one credential to verify; without one, Credential says what there is instead.
    private ApiTokenSource? FindCredential(out ReadOnlyMemory<char> text)
    {
        ApiTokenSource? source = null;
        text = default;
        VaryBySources();
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

    // What holds a connection open, such as SignalR, can end it with the token.
    private AuthenticationTicket TicketFor(ApiToken token) => new(
        new ClaimsPrincipal(new ApiTokenIdentity(token, Scheme.Name, ClaimsIssuer)),
        token.ExpiresAt is { } expiresAt ? new AuthenticationProperties { ExpiresUtc = expiresAt } : null,
        Scheme.Name);

    protected void AnswerUnavailable(TimeSpan retryAfter)
    {
        Log.AnsweredUnavailable(Logger, Scheme.Name);
        double seconds = Math.Max(1, Math.Ceiling(retryAfter.TotalSeconds));
        Response.Headers.RetryAfter = seconds.ToString("F0", CultureInfo.InvariantCulture);
        Response.Headers.CacheControl = NoStore;
        Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
    }

    // Where other schemes challenge after this one, the last would win. What the host sets afterwards is its last word.
    private async Task SetStatusAsync(int status)
    {
        IReadOnlyList<string> schemes = await EndpointSchemes.ForAsync(Context).ConfigureAwait(false);
        bool isLast = schemes.Count == 0 || string.Equals(schemes[^1], Scheme.Name, StringComparison.Ordinal);
        if (isLast && !KeptStatus.IsSet(Response))
        {
            Response.StatusCode = status;
            Response.Headers.Remove(HeaderNames.Location);
        }
        else
        {
            KeptStatus.Set(Response, status);
        }
    }

    // A request that is executed again, for a status page, may be challenged again.
    private void Answer(string challenge)
    {
        if (!Response.Headers.WWWAuthenticate.Contains(challenge, StringComparer.Ordinal))
        {
            Response.Headers.Append(HeaderNames.WWWAuthenticate, challenge);
        }

        Response.Headers.CacheControl = NoStore;
    }

    // Caches spare answers to requests with an Authorization header, but know of no other header that an answer depends on. What answers
    // itself is never kept.
    private void VaryBySources()
    {
        if (Response.HasStarted || Context.GetEndpoint()?.Metadata.GetMetadata<AuthenticatesItself>() is not null)
        {
            return;
        }

        foreach (ApiTokenSource source in Options.Sources)
        {
            if (source.VariesBy is { } header)
            {
                ResponseVariation.Add(Response, header);
            }
        }
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
