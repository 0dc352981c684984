using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TokenKit.AspNetCore.TokenApis.Canvus;

/// <summary>A token as the product shows it.</summary>
/// <param name="CreatedAt">In UTC with three digits of a second's fraction, and without a Z.</param>
/// <param name="Description">The token's name.</param>
/// <param name="Id">22 characters that need no escaping in a URL.</param>
/// <param name="PlainToken">The plaintext, once; null otherwise.</param>
/// <param name="State">In streams only: <see cref="Normal"/> or <see cref="Deleted"/>; null otherwise.</param>
internal sealed record WireToken(string CreatedAt, string Description, string Id, string? PlainToken = null, string? State = null)
{
    public const string Normal = "normal";
    public const string Deleted = "deleted";

    public static WireToken From(ApiToken token) => new(TextOf(token.CreatedAt), token.Name, TokenIdText.Write(token.Id));

    /// <summary>A token that is gone from the store, and whose description is not known any more.</summary>
    public static WireToken Lost(Guid id, DateTimeOffset createdAt) => new(TextOf(createdAt), "", TokenIdText.Write(id), State: Deleted);

    private static string TextOf(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture);
}

/// <summary>A token to create or to change, as callers describe it. <see cref="DescriptionInput"/> reads it.</summary>
internal sealed record WireDescription(string Description);

internal sealed record WireProblem(string Msg, string? Message = null);

[JsonSerializable(typeof(WireToken))]
[JsonSerializable(typeof(WireDescription))]
[JsonSerializable(typeof(WireProblem))]
internal sealed partial class CanvusJson : JsonSerializerContext
{
    /// <summary>Writes members as the product does, without those that are null, and text as it is: nothing of it is meant for a page.</summary>
    public static CanvusJson Product { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
