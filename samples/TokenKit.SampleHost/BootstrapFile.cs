using System.Text.Json.Serialization;

namespace TokenKit.SampleHost;

/// <summary>One user in the bootstrap file, with the plaintext of a token for each mounted API, and a JWT as a login would give it.</summary>
internal sealed record BootstrapUser(
    [property: JsonPropertyName("id")] long Id,
    [property: JsonPropertyName("administrator")] bool Administrator,
    [property: JsonPropertyName("virtuousai")] string VirtuousAI,
    [property: JsonPropertyName("canvus")] string Canvus,
    [property: JsonPropertyName("query"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Query,
    [property: JsonPropertyName("amove")] string Amove,
    [property: JsonPropertyName("jwt")] string Jwt);

/// <summary>The bootstrap file.</summary>
internal sealed record BootstrapContent(
    [property: JsonPropertyName("baseUrl")] string BaseUrl,
    [property: JsonPropertyName("users")] IReadOnlyList<BootstrapUser> Users);

[JsonSerializable(typeof(BootstrapContent))]
[JsonSourceGenerationOptions(WriteIndented = true)]
internal sealed partial class BootstrapJson : JsonSerializerContext;
