using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace TokenKit.AspNetCore.TokenApis.Amove;

/// <summary>What a caller says of a token to create.</summary>
internal sealed record InsertInput(string Title, TokenExpiry Expiry)
{
    // What the product's own samples send, in .NET, Python and JavaScript: with and without a fraction, with Z, an offset or no zone.
    private const string DateFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK";

    /// <summary>Reads a body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="input">What it says.</param>
    /// <param name="problem">What is wrong, in words for people.</param>
    public static bool TryRead(JsonBody body, [NotNullWhen(true)] out InsertInput? input, [NotNullWhen(false)] out string? problem)
    {
        TokenExpiry expiry = TokenExpiry.Default;
        string? title = null;
        problem = body is not JsonBody.JsonObject { Value: var json } ? "The body must be a JSON object."
            : !TryReadTitle(json, out title) ? "The title is required."
            : !TryReadExpiry(json, out expiry) ? "The expirationDate must be a date and time of ISO 8601."
            : null;
        input = problem is null ? new InsertInput(title!, expiry) : null;
        return input is not null;
    }

    private static bool TryReadTitle(JsonElement json, [NotNullWhen(true)] out string? title)
    {
        title = null;
        return JsonInput.Find(json, "title") is { } value && JsonInput.TryGetText(value, out title) && !string.IsNullOrWhiteSpace(title);
    }

    private static bool TryReadExpiry(JsonElement json, out TokenExpiry expiry)
    {
        expiry = TokenExpiry.Default;
        if (JsonInput.Find(json, "expirationDate") is not { ValueKind: not JsonValueKind.Null } value)
        {
            return true;
        }

        if (!JsonInput.TryGetText(value, out string? text)
            || !DateTimeOffset.TryParseExact(text, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset instant))
        {
            return false;
        }

        expiry = TokenExpiry.At(instant);
        return true;
    }
}
