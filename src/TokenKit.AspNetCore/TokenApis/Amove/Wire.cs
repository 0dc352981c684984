using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TokenKit.AspNetCore.TokenApis.Amove;

/// <summary>A token as the product shows it: always all five members, in this order.</summary>
/// <param name="Id">The id.</param>
/// <param name="Title">The name.</param>
/// <param name="Token">The plaintext, or the hint for a caller who may not see it; null when it cannot be read any more.</param>
/// <param name="ExpirationDate">When it expires; null for never.</param>
/// <param name="CreateDate">When it was created.</param>
internal sealed record WireToken(Guid Id, string Title, string? Token, DateTimeOffset? ExpirationDate, DateTimeOffset CreateDate)
{
    public static WireToken From(ApiToken token, string? text) => new(token.Id, token.Name, text, token.ExpiresAt, token.CreatedAt);
}

/// <summary>A token to create, as callers describe it. <see cref="InsertInput"/> reads it.</summary>
internal sealed record WireInsert(string Title, DateTimeOffset? ExpirationDate);

/// <summary>The product's error model. <see cref="Errors"/> has one entry, whose key is <see cref="Type"/>.</summary>
internal sealed record WireError(string Type, int Status, Dictionary<string, string[]> Errors);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(WholeSecondsConverter)])]
[JsonSerializable(typeof(WireToken))]
[JsonSerializable(typeof(WireInsert))]
[JsonSerializable(typeof(WireError))]
internal sealed partial class AmoveJson : JsonSerializerContext;

/// <summary>Writes times as the product does: in UTC, with Z and without a fraction.</summary>
internal sealed class WholeSecondsConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("What callers send is read by InsertInput.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
}
