using System.Text.Json;

namespace TokenKit.AspNetCore.TokenApis.Canvus;

/// <summary>The one thing that callers say of a token.</summary>
/// <param name="Text">The description, exactly as it was sent: clients compare it with what comes back.</param>
/// <param name="Problem">Why there is none; null when there is one.</param>
internal readonly record struct DescriptionInput(string Text, TokenApiResponse? Problem = null)
{
    private const string Member = "description";

    private static readonly TokenApiResponse Missing = CanvusDialect.Invalid("description parameter is missing");
    private static readonly TokenApiResponse NotText = CanvusDialect.Invalid("description parameter is not a string");

    /// <summary>Reads the body of a call. Its Content-Type says nothing: clients send none, several, or that of a form.</summary>
    public static async ValueTask<DescriptionInput> ReadAsync(TokenApiCall call) => await call.ReadJsonAsync().ConfigureAwait(false) switch
    {
        JsonBody.JsonObject { Value: var json } => Read(json),
        JsonBody.Unread { Outcome: var outcome } => new("", call.Say(outcome)),
        JsonBody.Empty => new("", Missing),
        _ => new("", CanvusDialect.NotAnObject),
    };

    private static DescriptionInput Read(JsonElement json) =>
        JsonInput.Find(json, Member) is not { ValueKind: not JsonValueKind.Null } value ? new("", Missing)
        : JsonInput.TryGetText(value, out string? text) ? new(text)
        : new("", NotText);
}
