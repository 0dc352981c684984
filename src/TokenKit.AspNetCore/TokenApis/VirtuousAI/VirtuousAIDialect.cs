using Microsoft.AspNetCore.Http;

namespace TokenKit.AspNetCore.TokenApis.VirtuousAI;

/// <summary>How VirtuousAI says what did not go well: what its framework says by itself has a detail only, everything else is a problem object.</summary>
internal static class VirtuousAIDialect
{
    public static SetAnswer Say(SetOutcome outcome) => outcome switch
    {
        SetOutcome.UnknownPath => Detail(StatusCodes.Status404NotFound, "Not Found"),
        SetOutcome.WrongMethod => Detail(StatusCodes.Status405MethodNotAllowed, "Method Not Allowed"),
        SetOutcome.CredentialMissing => Problem(StatusCodes.Status401Unauthorized, "Unauthorized", "Authentication is required."),
        SetOutcome.CredentialRefused => Problem(StatusCodes.Status401Unauthorized, "Unauthorized", "The credential is not valid."),
        SetOutcome.RightsMissing => Problem(StatusCodes.Status403Forbidden, "Forbidden", "The credential does not allow access tokens to be managed."),
        SetOutcome.CrossSiteWrite => Problem(StatusCodes.Status403Forbidden, "Forbidden", "The request may have been made by another site."),
        SetOutcome.BodyTooLarge => Detail(StatusCodes.Status413PayloadTooLarge, "Content Too Large"),
        SetOutcome.BodyUnreadable => Invalid(Fault.NotJson, "body", 0),
        SetOutcome.UnknownToken => Problem(StatusCodes.Status404NotFound, "Not Found", "There is no such access token."),
        SetOutcome.Unavailable => Problem(StatusCodes.Status503ServiceUnavailable, "Service Unavailable", "The request cannot be answered at the moment."),
        _ => Problem(StatusCodes.Status500InternalServerError, "Internal Server Error", "An unexpected error occurred."),
    };

    public static SetAnswer Invalid(Fault fault, params object[] location) => Invalid([new WireInvalidItem(location, fault.Message, fault.Type)]);

    public static SetAnswer Invalid(IReadOnlyList<WireInvalidItem> items) =>
        SetAnswer.Json(StatusCodes.Status422UnprocessableEntity, new WireInvalid(items), VirtuousAIJson.Product.WireInvalid);

    private static SetAnswer Detail(int status, string detail) => SetAnswer.Json(status, new WireDetail(detail), VirtuousAIJson.Product.WireDetail);

    private static SetAnswer Problem(int status, string title, string detail) =>
        SetAnswer.Json(status, new WireProblem("about:blank", title, status, detail), VirtuousAIJson.Product.WireProblem, "application/problem+json");
}
