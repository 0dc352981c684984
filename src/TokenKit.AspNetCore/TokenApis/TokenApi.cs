using System.Globalization;
using Microsoft.AspNetCore.Http;
using TokenKit.AspNetCore.Authentication;

namespace TokenKit.AspNetCore.TokenApis;

/// <summary>One token API of a host, as far as the code that all products share has to know it.</summary>
/// <param name="Name">The realm of its tokens, and the scheme that reads its callers' tokens.</param>
/// <param name="Dialect">How the product says what did not go well.</param>
/// <param name="AdditionalSchemes">Other schemes of the host that callers may be authenticated by.</param>
/// <param name="RetryAfter">When to ask again what could not be answered.</param>
internal sealed record TokenApi(string Name, TokenApiDialect Dialect, IReadOnlyList<string> AdditionalSchemes, TimeSpan RetryAfter)
{
    /// <summary>How the API finds out who calls.</summary>
    public required TokenApiCallers Callers { get; init; }

    /// <summary>Who may call.</summary>
    public required TokenApiRights Rights { get; init; }

    /// <summary>An outcome in the product's dialect, with the headers that its status calls for.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <param name="allow">The methods that there are, where there is not the one that was asked for.</param>
    /// <param name="retryAfter">When to ask again, where that is known better than for the API as a whole.</param>
    public TokenApiResponse Say(TokenApiOutcome outcome, string allow = "", TimeSpan? retryAfter = null)
    {
        TokenApiResponse answer = Dialect.Say(outcome);
        return answer.Status switch
        {
            StatusCodes.Status401Unauthorized => answer.With(
                "WWW-Authenticate",
                outcome == TokenApiOutcome.CredentialMissing ? BearerChallenge.Bare(Name) : BearerChallenge.InvalidToken(Name)),
            StatusCodes.Status405MethodNotAllowed => answer.With("Allow", allow),
            StatusCodes.Status503ServiceUnavailable => answer.With("Retry-After", Math.Ceiling((retryAfter ?? RetryAfter).TotalSeconds).ToString(CultureInfo.InvariantCulture)),
            _ => answer,
        };
    }

    /// <summary>Why the core rejected what a caller wants, in the product's dialect.</summary>
    /// <exception cref="InvalidOperationException">The product has no words for it, since none of its operations can cause it.</exception>
    public TokenApiResponse Say(RejectionReason reason) => reason switch
    {
        RejectionReason.ActorEnded => Say(TokenApiOutcome.CredentialRefused),

        // The credential is good: a client must not throw it away.
        RejectionReason.MayNotManage or RejectionReason.ScopesExceedIssuer => Say(TokenApiOutcome.RightsMissing),
        _ => Dialect.Rejected(reason) ?? throw new InvalidOperationException($"A change was not made: {reason}."),
    };
}
