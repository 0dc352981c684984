using System.Text.Json;

namespace TokenKit.TestKit;

/// <summary>A whole HTTP answer, as a client reads it.</summary>
/// <param name="Status">The status code.</param>
/// <param name="ContentType">The Content-Type; null when there is none.</param>
/// <param name="Text">The body.</param>
/// <param name="Headers">All headers but those of the body.</param>
public sealed record Answer(int Status, string? ContentType, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonElement.Parse(Text);

    /// <summary>A header's lines as they were sent; empty when there is none.</summary>
    public string Header(string name) => Headers.GetValueOrDefault(name, "");

    /// <summary>What a test expects of an error: status and body.</summary>
    public override string ToString() => $"{Status} {Text}";
}

public static class AnswerExtensions
{
    /// <summary>Sends a request with these headers and no others, byte for byte, Content-Type included.</summary>
    public static async Task<Answer> AskAsync(this HttpClient client, string method, string path, byte[]? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
        request.Content = body is null ? null : new ByteArrayContent(body);
        foreach ((string name, string value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using HttpResponseMessage response = await client.SendAsync(request);
        return new Answer(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.ToString(),
            await response.Content.ReadAsStringAsync(),
            response.Headers.NonValidated.ToDictionary(header => header.Key, header => string.Join(" | ", header.Value), StringComparer.OrdinalIgnoreCase));
    }
}
