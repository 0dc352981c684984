using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace TokenKit.AspNetCore.TokenApis.Canvus;

/// <summary>How Canvus says what did not go well: a message, and where credentials are wrong the same message under the older name too.</summary>
internal static class CanvusDialect
{
    public static readonly TokenApiResponse UnknownUser = Problem(StatusCodes.Status404NotFound, "User not found");
    public static readonly TokenApiResponse NotAnObject = Invalid("The request body is not a JSON object");

    public static readonly IProducesResponseTypeMetadata[] Failures =
    [
        .. new[]
        {
            StatusCodes.Status400BadRequest,
            StatusCodes.Status401Unauthorized,
            StatusCodes.Status403Forbidden,
            StatusCodes.Status404NotFound,
            StatusCodes.Status413PayloadTooLarge,
            StatusCodes.Status429TooManyRequests,
            StatusCodes.Status500InternalServerError,
            StatusCodes.Status503ServiceUnavailable,
        }.Select(static status => new ProducesResponseTypeMetadata(status, typeof(WireProblem), ["application/json"])),
    ];

    public static TokenApiResponse Say(TokenApiOutcome outcome) => outcome switch
    {
        TokenApiOutcome.UnknownPath => Problem(StatusCodes.Status404NotFound, "Not found"),
        TokenApiOutcome.WrongMethod => Problem(StatusCodes.Status405MethodNotAllowed, "Method not allowed"),
        TokenApiOutcome.CredentialMissing or TokenApiOutcome.CredentialRefused => Unauthorized("401 Unauthorized"),
        TokenApiOutcome.RightsMissing or TokenApiOutcome.CrossSiteWrite => Problem(StatusCodes.Status403Forbidden, "Permission denied"),
        TokenApiOutcome.BodyTooLarge => Problem(StatusCodes.Status413PayloadTooLarge, "The request body is too large"),
        TokenApiOutcome.BodyUnreadable => NotAnObject,
        TokenApiOutcome.UnknownToken => Problem(StatusCodes.Status404NotFound, "Access token not found"),
        TokenApiOutcome.StreamsAtLimit => Problem(StatusCodes.Status429TooManyRequests, "There are as many streams as there may be"),
        TokenApiOutcome.Unavailable => Problem(StatusCodes.Status503ServiceUnavailable, "Service unavailable"),
        _ => Problem(StatusCodes.Status500InternalServerError, "Internal server error"),
    };

    // What the input alone does not show: the host may have set limits that the product does not have.
    public static TokenApiResponse? Rejected(RejectionReason reason) => reason switch
    {
        RejectionReason.InvalidName => Invalid("description parameter is not valid"),
        RejectionReason.NameTaken => Invalid("Another access token has this description"),
        RejectionReason.CapReached => Invalid("There are as many access tokens as there may be"),
        _ => null,
    };

    public static TokenApiResponse Invalid(string message) => Problem(StatusCodes.Status400BadRequest, message);

    private static TokenApiResponse Problem(int status, string message) => TokenApiResponse.Json(status, new WireProblem(message), CanvusJson.Product.WireProblem);

    private static TokenApiResponse Unauthorized(string message) =>
        TokenApiResponse.Json(StatusCodes.Status401Unauthorized, new WireProblem(message, message), CanvusJson.Product.WireProblem);
}
