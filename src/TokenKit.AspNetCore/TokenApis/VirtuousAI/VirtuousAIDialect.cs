using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace TokenKit.AspNetCore.TokenApis.VirtuousAI;

/// <summary>How VirtuousAI says what did not go well: what its framework says by itself has a detail only, everything else is a problem object.</summary>
internal static class VirtuousAIDialect
{
    public static readonly IProducesResponseTypeMetadata[] Failures =
    [
        OfProblem(StatusCodes.Status401Unauthorized),
        OfProblem(StatusCodes.Status403Forbidden),
        OfProblem(StatusCodes.Status404NotFound),
        new ProducesResponseTypeMetadata(StatusCodes.Status413PayloadTooLarge, typeof(WireDetail), ["application/json"]),
        new ProducesResponseTypeMetadata(StatusCodes.Status422UnprocessableEntity, typeof(WireInvalid), ["application/json"]),
        OfProblem(StatusCodes.Status500InternalServerError),
        OfProblem(StatusCodes.Status503ServiceUnavailable),
    ];

    private const string ProblemType = "application/problem+json";

    public static TokenApiResponse Say(TokenApiOutcome outcome) => outcome switch
    {
        TokenApiOutcome.UnknownPath => Detail(StatusCodes.Status404NotFound, "Not Found"),
        TokenApiOutcome.WrongMethod => Detail(StatusCodes.Status405MethodNotAllowed, "Method Not Allowed"),
        TokenApiOutcome.CredentialMissing => Problem(StatusCodes.Status401Unauthorized, "Unauthorized", "Authentication is required."),
        TokenApiOutcome.CredentialRefused => Problem(StatusCodes.Status401Unauthorized, "Unauthorized", "The credential is not valid."),
        TokenApiOutcome.RightsMissing => Problem(StatusCodes.Status403Forbidden, "Forbidden", "The credential does not allow access tokens to be managed."),
        TokenApiOutcome.CrossSiteWrite => Problem(StatusCodes.Status403Forbidden, "Forbidden", "The request may have been made by another site."),
        TokenApiOutcome.BodyTooLarge => Detail(StatusCodes.Status413PayloadTooLarge, "Content Too Large"),
        TokenApiOutcome.BodyUnreadable => Invalid(Fault.NotJson, "body", 0),
        TokenApiOutcome.UnknownToken => Problem(StatusCodes.Status404NotFound, "Not Found", "There is no such access token."),
        TokenApiOutcome.Unavailable => Problem(StatusCodes.Status503ServiceUnavailable, "Service Unavailable", "The request cannot be answered at the moment."),
        _ => Problem(StatusCodes.Status500InternalServerError, "Internal Server Error", "An unexpected error occurred."),
    };

    // What the input alone does not show: the host may have set limits that the product does not have.
    public static TokenApiResponse? Rejected(RejectionReason reason) => reason switch
    {
        RejectionReason.NameTaken => Invalid(Fault.Refused("another token has this name"), "body", CreateInput.NameMember),
        RejectionReason.CapReached => Invalid(Fault.Refused("there are as many tokens as there may be"), "body"),
        RejectionReason.LifetimeTooLong => Invalid(Fault.Refused("the lifetime is too long"), "body", CreateInput.ExpiryMember),
        RejectionReason.InvalidName => Invalid(Fault.Refused("the name is not allowed"), "body", CreateInput.NameMember),
        _ => null,
    };

    public static TokenApiResponse Invalid(Fault fault, params object[] location) => Invalid([new WireInvalidItem(location, fault.Message, fault.Type)]);

    public static TokenApiResponse Invalid(IReadOnlyList<WireInvalidItem> items) =>
        TokenApiResponse.Json(StatusCodes.Status422UnprocessableEntity, new WireInvalid(items), VirtuousAIJson.Product.WireInvalid);

    private static TokenApiResponse Detail(int status, string detail) => TokenApiResponse.Json(status, new WireDetail(detail), VirtuousAIJson.Product.WireDetail);

    private static TokenApiResponse Problem(int status, string title, string detail) =>
        TokenApiResponse.Json(status, new WireProblem("about:blank", title, status, detail), VirtuousAIJson.Product.WireProblem, ProblemType);

    private static ProducesResponseTypeMetadata OfProblem(int status) => new(status, typeof(WireProblem), [ProblemType]);
}
