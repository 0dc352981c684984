using System.Text;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace TokenKit.AspNetCore.TokenApis.Query;

/// <summary>How Query answers: rows as JSON, and what did not go well as plain text or not at all. Nothing has a content type.</summary>
internal static class QueryDialect
{
    /// <summary>What the product's database says of a name that is not there.</summary>
    public const string NoRows = "Query returned no rows";

    public static readonly IProducesResponseTypeMetadata[] Failures =
    [
        new ProducesResponseTypeMetadata(StatusCodes.Status400BadRequest, typeof(string)),
        new ProducesResponseTypeMetadata(StatusCodes.Status401Unauthorized),
        new ProducesResponseTypeMetadata(StatusCodes.Status404NotFound, typeof(string)),
        new ProducesResponseTypeMetadata(StatusCodes.Status413PayloadTooLarge, typeof(string)),
        new ProducesResponseTypeMetadata(StatusCodes.Status500InternalServerError, typeof(string)),
        new ProducesResponseTypeMetadata(StatusCodes.Status503ServiceUnavailable, typeof(string)),
    ];

    public static TokenApiResponse Say(TokenApiOutcome outcome) => outcome switch
    {
        TokenApiOutcome.UnknownPath or TokenApiOutcome.WrongMethod or TokenApiOutcome.UnknownToken => Text(StatusCodes.Status404NotFound, "404 Not Found"),

        // The product has no 403: missing rights are answered like a missing credential.
        TokenApiOutcome.CredentialMissing or TokenApiOutcome.CredentialRefused or TokenApiOutcome.RightsMissing or TokenApiOutcome.CrossSiteWrite =>
            new TokenApiResponse(StatusCodes.Status401Unauthorized),
        TokenApiOutcome.BodyTooLarge => Text(StatusCodes.Status413PayloadTooLarge, "413 Payload Too Large"),
        TokenApiOutcome.BodyUnreadable => Invalid("The body cannot be read"),
        TokenApiOutcome.Unavailable => Text(StatusCodes.Status503ServiceUnavailable, "503 Service Unavailable"),
        _ => Text(StatusCodes.Status500InternalServerError, "500 Internal Server Error"),
    };

    public static TokenApiResponse? Rejected(RejectionReason reason) => reason switch
    {
        RejectionReason.InvalidName => Invalid("The name is not allowed"),
        RejectionReason.ExpiryNotInFuture => Invalid("The expiration_date must be greater than current time"),
        RejectionReason.LifetimeTooLong => Invalid("The expiration_date is too late"),
        RejectionReason.CapReached => Invalid("There are as many tokens as there may be"),
        _ => null,
    };

    public static TokenApiResponse Invalid(string text) => Text(StatusCodes.Status400BadRequest, text);

    public static TokenApiResponse Rows<T>(T rows, JsonTypeInfo<T> type) => TokenApiResponse.Json(StatusCodes.Status200OK, rows, type, contentType: null);

    public static TokenApiResponse Rows<T>(JsonRows<T> rows) => TokenApiResponse.Rows(rows, contentType: null);

    private static TokenApiResponse Text(int status, string text) => new(status, Encoding.UTF8.GetBytes(text));
}
