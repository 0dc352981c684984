using System.Globalization;
using System.Text.Json;

namespace TokenKit.AspNetCore.TokenApis.Query;

/// <summary>Reads a body as strictly as the product does, whatever its label says, and keeps the first thing that is wrong with it.</summary>
internal sealed class InputReader
{
    private readonly JsonElement _body;

    public InputReader(ReadOnlySpan<byte> body)
    {
        // The product takes control characters out before it parses, even out of strings.
        byte[] text = Array.FindAll(body.ToArray(), static unit => unit >= ' ');
        Problem = text.Length == 0 ? "The body is empty"
            : !JsonInput.TryParse(text, out _body, out int position) ? string.Create(CultureInfo.InvariantCulture, $"The body is not JSON at character {position}")
            : _body.ValueKind != JsonValueKind.Object ? "The body is not a JSON object"
            : null;
    }

    /// <summary>What is wrong, in words for people; null when nothing is.</summary>
    public string? Problem { get; private set; }

    public string Name()
    {
        string? name = null;
        if (Problem is null)
        {
            Problem = JsonInput.Find(_body, "name") is not { } value ? "The name is required"
                : !JsonInput.TryGetText(value, out name) ? "The name must be a string"
                : name.Length == 0 ? "The name is empty"
                : null;
        }

        return name ?? "";
    }

    /// <summary>A member that holds an integer of 64 bits; null when it is not there, or null.</summary>
    public long? Integer(string member)
    {
        if (Find(member) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number))
        {
            return number;
        }

        Problem ??= $"The {member} must be an integer";
        return null;
    }

    /// <summary>A member that holds true or false; null when it is not there, or null.</summary>
    public bool? Boolean(string member)
    {
        switch (Find(member)?.ValueKind)
        {
            case null:
                return null;
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            default:
                Problem ??= $"The {member} must be true or false";
                return null;
        }
    }

    private JsonElement? Find(string member) =>
        Problem is null && JsonInput.Find(_body, member) is { ValueKind: not JsonValueKind.Null } value ? value : null;
}
