using Microsoft.AspNetCore.Http;

namespace TokenKit.AspNetCore.TokenApis.Canvus;

/// <summary>How Canvus says what did not go well: a message, and where credentials are wrong the same message under the older name too.</summary>
internal static class CanvusDialect
{
    public static readonly SetAnswer UnknownUser = Problem(StatusCodes.Status404NotFound, "User not found");
    public static readonly SetAnswer NotAnObject = Invalid("The request body is not a JSON object");

    public static SetAnswer Say(SetOutcome outcome) => outcome switch
    {
        SetOutcome.UnknownPath => Problem(StatusCodes.Status404NotFound, "Not found"),
        SetOutcome.WrongMethod => Problem(StatusCodes.Status405MethodNotAllowed, "Method not allowed"),
        SetOutcome.CredentialMissing or SetOutcome.CredentialRefused => Unauthorized("401 Unauthorized"),
        SetOutcome.RightsMissing or SetOutcome.CrossSiteWrite => Problem(StatusCodes.Status403Forbidden, "Permission denied"),
        SetOutcome.BodyTooLarge => Problem(StatusCodes.Status413PayloadTooLarge, "The request body is too large"),
        SetOutcome.BodyUnreadable => NotAnObject,
        SetOutcome.UnknownToken => Problem(StatusCodes.Status404NotFound, "Access token not found"),
        SetOutcome.Unavailable => Problem(StatusCodes.Status503ServiceUnavailable, "Service unavailable"),
        _ => Problem(StatusCodes.Status500InternalServerError, "Internal server error"),
    };

    public static SetAnswer Invalid(string message) => Problem(StatusCodes.Status400BadRequest, message);

    private static SetAnswer Problem(int status, string message) => SetAnswer.Json(status, new WireProblem(message), CanvusJson.Product.WireProblem);

    private static SetAnswer Unauthorized(string message) =>
        SetAnswer.Json(StatusCodes.Status401Unauthorized, new WireProblem(message, message), CanvusJson.Product.WireProblem);
}
