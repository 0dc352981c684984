using System.Text.Json;

namespace TokenKit.AspNetCore.Tests.Hosting;

/// <summary>A whole answer, as a client of a set reads it.</summary>
/// <param name="Status">The status code.</param>
/// <param name="ContentType">The Content-Type; null when there is none.</param>
/// <param name="Text">The body.</param>
/// <param name="Headers">All headers but those of the body.</param>
internal sealed record Reply(int Status, string? ContentType, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonElement.Parse(Text);

    public static async Task<Reply> FromAsync(HttpResponseMessage response) => new(
        response.Status(),
        response.Content.Headers.ContentType?.ToString(),
        await response.Content.ReadAsStringAsync(),
        response.Headers.NonValidated.ToDictionary(header => header.Key, header => string.Join(" | ", header.Value), StringComparer.OrdinalIgnoreCase));

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>What a test expects of an error: status and body.</summary>
    public override string ToString() => $"{Status} {Text}";
}
