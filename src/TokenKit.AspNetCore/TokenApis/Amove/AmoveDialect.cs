using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace TokenKit.AspNetCore.TokenApis.Amove;

/// <summary>How Amove answers: 499 for every error of a caller's, with a code in header and body. The URL holds a credential, so nothing may be kept.</summary>
internal static class AmoveDialect
{
    public static readonly TokenApiResponse Done = Private(new TokenApiResponse(StatusCodes.Status200OK));

    public static readonly IProducesResponseTypeMetadata[] Failures =
    [
        new ProducesResponseTypeMetadata(StatusCodes.Status401Unauthorized, typeof(WireError), [Problem]),
        new ProducesResponseTypeMetadata(ApplicationError, typeof(WireError), [Problem]),
        new ProducesResponseTypeMetadata(StatusCodes.Status500InternalServerError),
        new ProducesResponseTypeMetadata(StatusCodes.Status503ServiceUnavailable),
    ];

    private const int ApplicationError = 499;
    private const string Problem = "application/problem+json";

    public static TokenApiResponse Say(TokenApiOutcome outcome) => outcome switch
    {
        TokenApiOutcome.UnknownPath => Error(ApplicationError, "NOT_FOUND", "There is no such operation."),
        TokenApiOutcome.UnknownToken => Error(ApplicationError, "NOT_FOUND", "There is no such token."),
        TokenApiOutcome.WrongMethod => Invalid("The operation has another method."),
        TokenApiOutcome.CredentialMissing => Error(StatusCodes.Status401Unauthorized, "AUTH", "A token is required."),
        TokenApiOutcome.CredentialRefused => Error(StatusCodes.Status401Unauthorized, "TOKEN", "The token is not valid."),
        TokenApiOutcome.RightsMissing => Error(ApplicationError, "ACCESS", "The caller may not manage API tokens."),
        TokenApiOutcome.CrossSiteWrite => Error(ApplicationError, "ACCESS", "The request may have been made by another site."),
        TokenApiOutcome.BodyTooLarge => Invalid("The body is too large."),
        TokenApiOutcome.BodyUnreadable => Invalid("The body cannot be read."),
        TokenApiOutcome.Unavailable => Private(new TokenApiResponse(StatusCodes.Status503ServiceUnavailable)),
        _ => Private(new TokenApiResponse(StatusCodes.Status500InternalServerError)),
    };

    public static TokenApiResponse? Rejected(RejectionReason reason) => reason switch
    {
        RejectionReason.InvalidName => Invalid("The title is not allowed."),
        RejectionReason.NameTaken => Invalid("Another token has this title."),
        RejectionReason.CapReached => Invalid("There are as many tokens as there may be."),
        RejectionReason.ExpiryNotInFuture => Invalid("The expirationDate must be in the future."),
        RejectionReason.LifetimeTooLong => Invalid("The expirationDate is too late."),
        _ => null,
    };

    public static TokenApiResponse Invalid(string text) => Error(ApplicationError, "DEFAULT", text);

    public static TokenApiResponse Json<T>(T value, JsonTypeInfo<T> type) => Private(TokenApiResponse.Json(StatusCodes.Status200OK, value, type));

    public static TokenApiResponse Rows<T>(JsonRows<T> rows) => Private(TokenApiResponse.Rows(rows));

    private static TokenApiResponse Error(int status, string code, string text)
    {
        var error = new WireError(code, status, new Dictionary<string, string[]>(StringComparer.Ordinal) { [code] = [text] });
        return Private(TokenApiResponse.Json(status, error, AmoveJson.Default.WireError, Problem)).With("error-code", code);
    }

    // RFC 6750 §2.3 asks for "private" where the credential is in the URL.
    private static TokenApiResponse Private(TokenApiResponse answer) => answer.With("Cache-Control", "private, no-store");
}
