using System.Text.Json;

namespace TokenKit.AspNetCore.TokenApis.Query;

/// <summary>Reads the members of a body as strictly as the product does, and keeps the first thing that is wrong with them.</summary>
internal sealed class InputReader(JsonElement body)
{
    /// <summary>What is wrong, in words for people; null when nothing is.</summary>
    public string? Problem { get; private set; }

    public string Name()
    {
        string? name = null;
        if (Problem is null)
        {
            Problem = JsonInput.Find(body, "name") is not { } value ? "The name is required"
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
        Problem is null && JsonInput.Find(body, member) is { ValueKind: not JsonValueKind.Null } value ? value : null;
}
