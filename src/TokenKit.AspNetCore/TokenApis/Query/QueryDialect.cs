using System.Text;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace TokenKit.AspNetCore.TokenApis.Query;

/// <summary>How Query answers: rows as JSON, and what did not go well as plain text or not at all. Nothing has a content type.</summary>
internal static class QueryDialect
{
    /// <summary>What the product's database says of a name that is not there.</summary>
    public const string NoRows = "Query returned no rows";

    public static SetAnswer Say(SetOutcome outcome) => outcome switch
    {
        SetOutcome.UnknownPath or SetOutcome.WrongMethod or SetOutcome.UnknownToken => Text(StatusCodes.Status404NotFound, "404 Not Found"),

        // There is no 403: who may not is as good as unknown.
        SetOutcome.CredentialMissing or SetOutcome.CredentialRefused or SetOutcome.RightsMissing or SetOutcome.CrossSiteWrite =>
            new SetAnswer(StatusCodes.Status401Unauthorized),
        SetOutcome.BodyTooLarge => Text(StatusCodes.Status413PayloadTooLarge, "413 Payload Too Large"),
        SetOutcome.BodyUnreadable => Invalid("The body cannot be read"),
        SetOutcome.Unavailable => Text(StatusCodes.Status503ServiceUnavailable, "503 Service Unavailable"),
        _ => Text(StatusCodes.Status500InternalServerError, "500 Internal Server Error"),
    };

    public static SetAnswer Invalid(string text) => Text(StatusCodes.Status400BadRequest, text);

    public static SetAnswer Rows<T>(T rows, JsonTypeInfo<T> type) => SetAnswer.Json(StatusCodes.Status200OK, rows, type, contentType: null);

    private static SetAnswer Text(int status, string text) => new(status, Encoding.UTF8.GetBytes(text));
}
