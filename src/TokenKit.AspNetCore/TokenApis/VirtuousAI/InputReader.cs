using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace TokenKit.AspNetCore.TokenApis.VirtuousAI;

/// <summary>Reads the input of one call, and gathers all that is wrong with it: clients show every item at once.</summary>
internal sealed class InputReader(HttpRequest request)
{
    private readonly List<WireInvalidItem> _items = [];

    public bool IsValid => _items.Count == 0;

    /// <summary>The answer for wrong input.</summary>
    public TokenApiResponse Answer() => VirtuousAIDialect.Invalid(_items);

    /// <summary>Notes what is wrong, and where: strings, and a number for a position in the body. Null is nothing wrong.</summary>
    public void Note(Fault? fault, params object[] location)
    {
        if (fault is { } found)
        {
            _items.Add(new WireInvalidItem(location, found.Message, found.Type));
        }
    }

    public string? QueryText(string parameter) => TokenApis.QueryText.Last(request, parameter);

    public bool QueryBoolean(string parameter, bool otherwise)
    {
        bool value = otherwise;
        Note(QueryText(parameter) is { } text ? LaxValue.ReadBoolean(text, out value) : null, "query", parameter);
        return value;
    }

    public int QueryInteger(string parameter, int otherwise, int minimum, int maximum)
    {
        long value = otherwise;
        Note(QueryText(parameter) is { } text ? LaxValue.ReadInteger(text, out value) ?? Fault.Outside(value, minimum, maximum) : null, "query", parameter);
        return (int)Math.Clamp(value, minimum, maximum);
    }

    public string? QueryChoice(string parameter, IReadOnlyList<string> values)
    {
        string? text = QueryText(parameter);
        Note(text is null || values.Contains(text, StringComparer.Ordinal) ? null : Fault.NotOneOf(values), "query", parameter);
        return text;
    }

    public Guid PathUuid(string parameter)
    {
        Note(LaxValue.ReadUuid((string)request.RouteValues[parameter]!, out Guid value), "path", parameter);
        return value;
    }

    /// <summary>The object that a body holds; null when it holds none.</summary>
    public JsonElement? BodyObject(JsonBody body)
    {
        switch (body)
        {
            case JsonBody.Empty:
                Note(Fault.Missing, "body");
                return null;
            case not null when !HasJsonLabel():
                Note(Fault.NotAnObject, "body");
                return null;
            case JsonBody.JsonObject { Value: var json }:
                return json;
            case JsonBody.NotJson { Position: var position }:
                Note(Fault.NotJson, "body", position);
                return null;
            default:
                Note(body is JsonBody.NotAnObject { Kind: JsonValueKind.Null } ? Fault.Missing : Fault.NotAnObject, "body");
                return null;
        }
    }

    // FastAPI reads other bodies as text, which is no object. Of two labels it knows the first; the framework would show both as one.
    private bool HasJsonLabel() =>
        request.Headers.ContentType is not [{ Length: > 0 } label, ..]
        || (MediaTypeHeaderValue.TryParse(label, out MediaTypeHeaderValue? type)
            && type.Type.Equals("application", StringComparison.OrdinalIgnoreCase)
            && (type.Suffix.HasValue ? type.Suffix : type.SubType).Equals("json", StringComparison.OrdinalIgnoreCase));
}
