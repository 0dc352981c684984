using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace TokenKit.AspNetCore.Tests.Traces;

/// <summary>
/// A case without its values: what it is given, and for every step the method, the path, the names of query parameters and headers, the
/// members of the body and the kinds of what they hold, and the response in the same way. Two cases of one shape are one case.
/// </summary>
internal static partial class TraceShape
{
    public static string Of(TraceCase trace) => string.Join(
        "\n",
        [
            string.Join(',', trace.Given.Order(StringComparer.Ordinal)),
            .. trace.Steps.SelectMany(static step => new[] { OfWords(step.Words), OfMessage(step.Request), OfMessage(step.Response) }),
        ]);

    private static string OfWords(IEnumerable<string> words) =>
        string.Join(',', words.Select(static word => word.StartsWith("at ", StringComparison.Ordinal) ? "at" : word));

    private static string OfMessage(string message)
    {
        if (message.Length == 0)
        {
            return "";
        }

        var parsed = RawResponse.Parse(message);
        string[] first = parsed.StatusLine.Split(' ', 3);
        string target = first.Length > 1 ? Query().Replace(first[1], static match => OfText(match.Value)) : "";
        return string.Join(
            ' ',
            [
                first[0],
                target,
                .. parsed.Headers
                    .Select(static header => $"{header.Name}: {OfHeader(header.Name, header.Value)}")
                    .Order(StringComparer.OrdinalIgnoreCase),
                OfBody(parsed.Body),
            ]);
    }

    private static string OfHeader(string name, string value) =>
        name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) ? (value == "0" ? "0" : "length") : value;

    private static string OfBody(string body)
    {
        string json = Bare().Replace(JsonText.Canonical(body), "0");
        try
        {
            using var document = JsonDocument.Parse(Encoding.Latin1.GetBytes(json));
            var shape = new StringBuilder();
            Write(document.RootElement, shape);
            return shape.ToString();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return body;
        }
    }

    private static void Write(JsonElement value, StringBuilder shape)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                shape.Append('{');
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    shape.Append(member.Name).Append(':');
                    Write(member.Value, shape);
                    shape.Append(',');
                }

                shape.Append('}');
                break;
            case JsonValueKind.Array:
                shape.Append('[');
                foreach (JsonElement element in value.EnumerateArray())
                {
                    Write(element, shape);
                    shape.Append(',');
                }

                shape.Append(']');
                break;
            case JsonValueKind.String:
                string raw = value.GetRawText();
                shape.Append(OfText(raw[1..^1]));
                break;
            default:
                shape.Append(value.ValueKind is JsonValueKind.True or JsonValueKind.False ? "flag" : value.ValueKind.ToString());
                break;
        }
    }

    // An empty text and one that names another thing say something else; any other is a value.
    private static string OfText(string text) =>
        text.Length == 0 ? "empty"
        : text.StartsWith("{{", StringComparison.Ordinal) ? text
        : string.IsNullOrWhiteSpace(text) ? "blank"
        : "text";

    [GeneratedRegex("(?<=[?&][^=&]*=)([^&]*)", RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Query();

    // A placeholder that stands for a number.
    [GeneratedRegex(@"(?<=[:\[,])\{\{[^{}]+\}\}", RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Bare();
}
