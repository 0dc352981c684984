using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Authentication;
using TokenKit.AspNetCore.Authorization;

namespace TokenKit.AspNetCore.TokenApis;

/// <summary>One call of an operation, by a caller who is known.</summary>
/// <param name="context">The request.</param>
/// <param name="set">The set.</param>
/// <param name="caller">The caller.</param>
/// <param name="credentialExpiresAt">When a credential of another scheme expires.</param>
/// <param name="judgedAt">The timestamp of <see cref="TimeProvider"/> when the caller was judged.</param>
internal sealed class TokenApiCall(HttpContext context, TokenApi set, TokenCaller caller, DateTimeOffset? credentialExpiresAt, long judgedAt)
{
    // A body that takes longer is a slow one, and so is the reader of a list. What the caller was allowed before it may have been taken away since.
    private static readonly TimeSpan MostBeforeJudgedAgain = TimeSpan.FromSeconds(1);

    private long? _verifiedVersion = caller.Token?.Version;
    private long _judgedAt = judgedAt;

    private bool WasJudgedLongAgo => Service<TimeProvider>().GetElapsedTime(_judgedAt) > MostBeforeJudgedAgain;

    public HttpRequest Request => context.Request;

    public CancellationToken Aborted => context.RequestAborted;

    public TokenCaller Caller { get; } = caller;

    /// <summary>The caller, as the one who makes a change.</summary>
    public TokenActor Actor =>
        (Caller.Token is { } token ? TokenActor.For(token) with { Name = Caller.Subject } : TokenActor.Person(Caller.Subject))
        with { Address = context.Connection.RemoteIpAddress };

    /// <summary>Whose tokens the caller may manage.</summary>
    public CallerRights Rights { get; } = new(context.RequestServices, caller, set.Name, context.RequestAborted);

    /// <summary>The realm of the set's tokens.</summary>
    public string Realm => set.Name;

    public ApiTokens Tokens => Service<ApiTokens>();

    public T Service<T>()
        where T : notnull => context.RequestServices.GetRequiredService<T>();

    /// <summary>The one service of its kind that the set has for its realm.</summary>
    public T RealmService<T>()
        where T : notnull => context.RequestServices.GetRequiredKeyedService<T>(Realm);

    /// <summary>Disposes of something when the answer has ended, however it ends.</summary>
    public void DisposeAtEnd(IDisposable disposable) => context.Response.RegisterForDispose(disposable);

    public TokenApiResponse Say(TokenApiOutcome outcome) => set.Say(outcome);

    public TokenApiResponse Say(RejectionReason reason) => set.Say(reason);

    /// <summary>The text of a parameter of the route.</summary>
    public string PathText(string parameter) => (string)Request.RouteValues[parameter]!;

    /// <summary>What is wrong with the caller's credential now; null when nothing is. "Unavailable" when that cannot be told at the moment.</summary>
    /// <param name="token">The caller's token as it is now; null when it is gone, or another scheme authenticated the caller.</param>
    public async ValueTask<TokenApiOutcome?> ProblemOfCredentialAsync(ApiToken? token)
    {
        TimeProvider time = Service<TimeProvider>();
        _judgedAt = time.GetTimestamp();
        DateTimeOffset now = time.GetUtcNow();
        bool isOver = Caller.Token is null ? credentialExpiresAt <= now : token?.GetStatus(now) != TokenStatus.Active;
        return isOver ? TokenApiOutcome.CredentialRefused
            : token is null ? null
            : await ProblemOfSecretAsync(token).ConfigureAwait(false);
    }

    /// <summary>Rows, for as long as the caller may see them: it is judged again each second that it takes to show them.</summary>
    /// <exception cref="CallerEndedException">The caller may not see the rest.</exception>
    public async IAsyncEnumerable<T> WhileAllowedAsync<T>(IAsyncEnumerable<T> rows)
    {
        await foreach (T row in rows.ConfigureAwait(false))
        {
            if (WasJudgedLongAgo && await JudgeAgainAsync().ConfigureAwait(false) is { } problem)
            {
                throw new CallerEndedException(problem);
            }

            yield return row;
        }
    }

    /// <summary>Reads the body. Where that takes its time the caller is judged again, before anything of the body is looked at.</summary>
    public async ValueTask<RequestBody> ReadBodyAsync()
    {
        RequestBody body = await RequestBody.ReadAsync(Request, Aborted).ConfigureAwait(false);
        return body.Problem is null && WasJudgedLongAgo && await JudgeAgainAsync().ConfigureAwait(false) is { } problem ? new(default, problem) : body;
    }

    public async ValueTask<JsonBody> ReadJsonAsync() => JsonBody.From(await ReadBodyAsync().ConfigureAwait(false));

    // A token is judged with the change too. But the host is asked about it here, and may decide by all of it.
    private async ValueTask<TokenApiOutcome?> JudgeAgainAsync()
    {
        ApiToken? token = Caller.Token is { Id: var id } ? await Tokens.FindAsync(Realm, id, SubjectFilter.Any, Aborted).ConfigureAwait(false) : null;
        return await ProblemOfCredentialAsync(token).ConfigureAwait(false) is { } problem ? problem
            : await Rights.MayStillManageAsync(token).ConfigureAwait(false) ? null
            : TokenApiOutcome.RightsMissing;
    }

    // Whatever changes a token counts its version up. Only then its secret may be another one, and the text of this request worth nothing.
    private async ValueTask<TokenApiOutcome?> ProblemOfSecretAsync(ApiToken token)
    {
        if (token.Version == _verifiedVersion)
        {
            return null;
        }

        VerificationResult result = await ApiTokenAuthentication.VerifyAgainAsync(context, Realm, Caller.Principal).ConfigureAwait(false);

        // A row that was read earlier says nothing of this version yet: it is asked again the next time.
        _verifiedVersion = result is VerificationResult.Valid { Token.Version: var version } ? version : _verifiedVersion;
        return result switch
        {
            VerificationResult.Valid => null,
            VerificationResult.Unavailable => TokenApiOutcome.Unavailable,
            _ => TokenApiOutcome.CredentialRefused,
        };
    }
}
