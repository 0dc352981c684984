using System.Text.Json;

namespace TokenKit.AspNetCore.TokenApis.VirtuousAI;

/// <summary>What a caller says of a token to create.</summary>
internal sealed record CreateInput(string Name, TokenExpiry Expiry)
{
    public const string NameMember = "name";
    public const string ExpiryMember = "expiresInDays";

    /// <summary>Reads the members of a body under the limits of a realm. What is wrong is noted with the reader.</summary>
    public static CreateInput Read(InputReader input, JsonElement body, RealmOptions limits)
    {
        string name = "";
        Fault? fault = JsonInput.Find(body, NameMember) is { } nameValue ? ReadName(nameValue, limits.MaximumNameLength, out name) : Fault.Missing;
        input.Note(fault, "body", NameMember);

        TokenExpiry expiry = TokenExpiry.Default;
        if (JsonInput.Find(body, ExpiryMember) is { ValueKind: not JsonValueKind.Null } expiryValue)
        {
            input.Note(ReadDays(expiryValue, MaximumDays(limits), out long days), "body", ExpiryMember);
            expiry = TokenExpiry.After(TimeSpan.FromDays(Math.Clamp(days, 1, (int)TimeSpan.MaxValue.TotalDays)));
        }

        return new CreateInput(name, expiry);
    }

    /// <summary>The most days that a token of the realm may be valid; null for any number.</summary>
    public static long? MaximumDays(RealmOptions limits) => (long?)limits.MaximumLifetime?.TotalDays;

    private static Fault? ReadName(JsonElement json, int maximumLength, out string name)
    {
        name = JsonInput.TryGetText(json, out string? text) ? text : "";
        return text is null ? Fault.NotText
            : text.Contains('\0', StringComparison.Ordinal) ? Fault.Refused("the name holds a NUL character")
            : Fault.WrongLength(text.EnumerateRunes().Count(), 1, maximumLength);
    }

    private static Fault? ReadDays(JsonElement json, long? maximum, out long days) =>
        LaxValue.ReadInteger(json, out days) ?? Fault.Outside(days, 1, maximum);
}
