using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace TokenKit.AspNetCore.TokenApis;

/// <summary>Reads query parameters as they were written: the request's own collection takes "Limit" for "limit".</summary>
internal static class QueryText
{
    /// <summary>The last value of a parameter; null when it is not there.</summary>
    public static string? Last(HttpRequest request, string name) => All(request, name) is [.., var last] ? last : null;

    /// <summary>All values of a parameter.</summary>
    public static List<string> All(HttpRequest request, string name)
    {
        List<string> values = [];
        foreach (QueryStringEnumerable.EncodedNameValuePair parameter in new QueryStringEnumerable(request.QueryString.Value))
        {
            if (parameter.DecodeName().Span.SequenceEqual(name))
            {
                values.Add(parameter.DecodeValue().ToString());
            }
        }

        return values;
    }
}
