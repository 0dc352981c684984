using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TokenKit.AspNetCore.TokenApis.VirtuousAI;

/// <summary>A token as the product shows it: always all eight members, in this order.</summary>
internal sealed record WireToken(
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    Guid Id,
    DateTimeOffset? LastUsedAt,
    string Name,
    DateTimeOffset? RevokedAt,
    string TokenPrefix,
    string TokenType)
{
    public static WireToken From(ApiToken token) =>
        new(token.CreatedAt, token.ExpiresAt, token.Id, token.LastUsedAt, token.Name, token.RevokedAt, token.Hint, token.Kind);
}

/// <summary>A token to create, as callers describe it. <see cref="CreateInput"/> reads it.</summary>
internal sealed record WireTokenInput(string Name, int? ExpiresInDays);

/// <summary>A page of a list. It describes the answer, which is written row by row.</summary>
internal sealed record WireTokenPage(IReadOnlyList<WireToken> Items, string? NextCursor)
{
    public const string ItemsMember = "items";
    public const string NextCursorMember = "nextCursor";
}

internal sealed record WireCreatedToken(string Plaintext, WireToken Token);

internal sealed record WireRevoked(int RevokedCount);

/// <summary>A problem object (RFC 9457) whose <see cref="Detail"/> is a string, as clients of FastAPI expect of errors that are not 422.</summary>
internal sealed record WireProblem(string Type, string Title, int Status, string Detail);

internal sealed record WireDetail(string Detail);

internal sealed record WireInvalid(IReadOnlyList<WireInvalidItem> Detail);

/// <summary>One thing that is wrong with the input.</summary>
/// <param name="Loc">Where: strings, and a number for a position in the body.</param>
/// <param name="Msg">What, for people.</param>
/// <param name="Type">What, for programs.</param>
internal sealed record WireInvalidItem(IReadOnlyList<object> Loc, string Msg, string Type);

[JsonSerializable(typeof(WireToken))]
[JsonSerializable(typeof(WireTokenInput))]
[JsonSerializable(typeof(WireCreatedToken))]
[JsonSerializable(typeof(WireRevoked))]
[JsonSerializable(typeof(WireProblem))]
[JsonSerializable(typeof(WireDetail))]
[JsonSerializable(typeof(WireInvalid))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
internal sealed partial class VirtuousAIJson : JsonSerializerContext
{
    /// <summary>Writes members and times as the product does, and text as it is: nothing of it is meant for a page.</summary>
    public static VirtuousAIJson Product { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new UtcTimeConverter() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

/// <summary>Writes times as the product does: RFC 3339 in UTC with Z, and six digits of a second's fraction or none.</summary>
internal sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("The product's clients send no times.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString(
            value.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'",
            System.Globalization.CultureInfo.InvariantCulture));
}
