using System.Text.Json;

namespace TokenKit.AspNetCore.TokenApis.Canvus;

/// <summary>The one thing that callers say of a token.</summary>
/// <param name="Text">The description, exactly as it was sent: clients compare it with what comes back.</param>
/// <param name="Problem">Why there is none; null when there is one.</param>
internal readonly record struct DescriptionInput(string Text, TokenApiResponse? Problem = null)
{
    /// <summary>The answer to a description that the realm does not allow.</summary>
    public static readonly TokenApiResponse Refused = CanvusDialect.Invalid("description parameter is not valid");

    private const string Member = "description";

    private static readonly TokenApiResponse Missing = CanvusDialect.Invalid("description parameter is missing");
    private static readonly TokenApiResponse NotText = CanvusDialect.Invalid("description parameter is not a string");

    /// <summary>Reads the body of a call. Its Content-Type says nothing: clients send none, several, or that of a form.</summary>
    public static async ValueTask<DescriptionInput> ReadAsync(TokenApiCall call)
    {
        RequestBody body = await call.ReadBodyAsync().ConfigureAwait(false);
        return body.Problem is { } problem ? new("", call.Say(problem)) : Read(body.Bytes.Span);
    }

    private static DescriptionInput Read(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return new("", Missing);
        }

        if (!JsonInput.TryParse(body, out JsonElement json, out _) || json.ValueKind != JsonValueKind.Object)
        {
            return new("", CanvusDialect.NotAnObject);
        }

        return JsonInput.Find(json, Member) is not { ValueKind: not JsonValueKind.Null } value ? new("", Missing)
            : JsonInput.TryGetText(value, out string? text) ? new(text)
            : new("", NotText);
    }
}
