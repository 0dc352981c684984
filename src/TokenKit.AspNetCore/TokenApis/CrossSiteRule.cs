using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace TokenKit.AspNetCore.TokenApis;

/// <summary>
/// Tells writes of the host's own pages from those that another site makes a browser send: for callers who are proved by something that a
/// browser attaches by itself.
/// </summary>
internal static class CrossSiteRule
{
    /// <summary>Whether a request changes nothing, or was not made by another site's page.</summary>
    public static bool Allows(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        {
            return true;
        }

        string fetchSite = request.Headers["Sec-Fetch-Site"].ToString();
        string origin = request.Headers.Origin.ToString();

        // Neither header: an old browser or no browser. No form can send JSON under its own name.
        return fetchSite.Length == 0 && origin.Length == 0
            ? IsJson(request.ContentType)
            : fetchSite is "same-origin" or "none" || IsOriginOf(request, origin);
    }

    // Browsers leave out a default port; proxies may say it.
    private static bool IsOriginOf(HttpRequest request, string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? from)
        && Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out Uri? to)
        && Uri.Compare(from, to, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type) && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase);
}
