using System.Text.Json;

namespace TokenKit.AspNetCore.TokenApis;

/// <summary>A body that must be a JSON object, whatever its label says. Each product has its own words for those that are none.</summary>
internal abstract record JsonBody
{
    private JsonBody()
    {
    }

    /// <summary>Looks at a body that was read.</summary>
    public static JsonBody From(RequestBody body)
    {
        ReadOnlySpan<byte> text = body.Bytes.Span;
        return body.Problem is { } problem ? new Unread(problem)
            : text.IsEmpty ? new Empty()
            : !JsonInput.TryParse(text, out JsonElement value, out int position) ? new NotJson(position)
            : value.ValueKind == JsonValueKind.Object ? new JsonObject(value)
            : new NotAnObject(value.ValueKind);
    }

    /// <summary>It is an object.</summary>
    /// <param name="Value">The object.</param>
    public sealed record JsonObject(JsonElement Value) : JsonBody;

    /// <summary>It could not be read, or not as a whole.</summary>
    /// <param name="Outcome"><see cref="TokenApiOutcome.BodyTooLarge"/> or <see cref="TokenApiOutcome.BodyUnreadable"/>.</param>
    public sealed record Unread(TokenApiOutcome Outcome) : JsonBody;

    /// <summary>There is none.</summary>
    public sealed record Empty : JsonBody;

    /// <summary>It is not JSON.</summary>
    /// <param name="Position">The character at which it stops being JSON; 0 when it is not UTF-8.</param>
    public sealed record NotJson(int Position) : JsonBody;

    /// <summary>It is JSON of another kind.</summary>
    /// <param name="Kind">The kind.</param>
    public sealed record NotAnObject(JsonValueKind Kind) : JsonBody;
}
