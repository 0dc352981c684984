using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace TokenKit.AspNetCore.TokenApis.Amove;

/// <summary>How Amove answers: 499 for every error of a caller's, with a code in header and body. The URL holds a credential, so nothing may be kept.</summary>
internal static class AmoveDialect
{
    public static readonly SetAnswer Done = Private(new SetAnswer(StatusCodes.Status200OK));

    private const int ApplicationError = 499;

    public static SetAnswer Say(SetOutcome outcome) => outcome switch
    {
        SetOutcome.UnknownPath => Error(ApplicationError, "NOT_FOUND", "There is no such operation."),
        SetOutcome.UnknownToken => Error(ApplicationError, "NOT_FOUND", "There is no such token."),
        SetOutcome.WrongMethod => Invalid("The operation has another method."),
        SetOutcome.CredentialMissing => Error(StatusCodes.Status401Unauthorized, "AUTH", "A token is required."),
        SetOutcome.CredentialRefused => Error(StatusCodes.Status401Unauthorized, "TOKEN", "The token is not valid."),
        SetOutcome.RightsMissing => Error(ApplicationError, "ACCESS", "The caller may not manage API tokens."),
        SetOutcome.CrossSiteWrite => Error(ApplicationError, "ACCESS", "The request may have been made by another site."),
        SetOutcome.BodyTooLarge => Invalid("The body is too large."),
        SetOutcome.BodyUnreadable => Invalid("The body cannot be read."),
        SetOutcome.Unavailable => Private(new SetAnswer(StatusCodes.Status503ServiceUnavailable)),
        _ => Private(new SetAnswer(StatusCodes.Status500InternalServerError)),
    };

    public static SetAnswer Invalid(string text) => Error(ApplicationError, "DEFAULT", text);

    public static SetAnswer Json<T>(T value, JsonTypeInfo<T> type) => Private(SetAnswer.Json(StatusCodes.Status200OK, value, type));

    private static SetAnswer Error(int status, string code, string text)
    {
        var error = new WireError(code, status, new Dictionary<string, string[]>(StringComparer.Ordinal) { [code] = [text] });
        return Private(SetAnswer.Json(status, error, AmoveJson.Default.WireError, "application/problem+json")).With("error-code", code);
    }

    // RFC 6750 §2.3 asks for "private" where the credential is in the URL.
    private static SetAnswer Private(SetAnswer answer) => answer.With("Cache-Control", "private, no-store");
}
