using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace TokenKit;

/// <summary>A place in a request where a credential may be.</summary>
/// <remarks>An empty header, cookie or query value is no credential. A place that holds more than one is unreadable.</remarks>
public abstract record ApiTokenSource
{
    private ApiTokenSource()
    {
    }

    /// <summary>Whether a browser attaches the credential by itself, so that a foreign page can make it act (cross-site request forgery).</summary>
    internal bool IsAttachedByBrowser => this is Cookie;

    /// <summary>The header of the request that a cache has to tell responses apart by; null where caches do so themselves, or keep nothing.</summary>
    internal string? VariesBy => this switch
    {
        Header header => header.Name,
        Cookie => HeaderNames.Cookie,
        _ => null,
    };

    /// <summary>Looks for a credential.</summary>
    /// <param name="request">The request.</param>
    /// <param name="text">The credential; empty when there is one that cannot be read.</param>
    /// <returns>Whether the request carries one here.</returns>
    internal abstract bool TryRead(HttpRequest request, out ReadOnlyMemory<char> text);

    private static bool TryReadSingle(StringValues values, out ReadOnlyMemory<char> text)
    {
        text = (values.Count == 1 ? values[0] : null).AsMemory();
        return values.Count > 1 || !text.IsEmpty;
    }

    /// <summary>
    /// The Authorization header with the scheme Bearer (RFC 6750 §2.1), in any case. A header with another scheme is no credential; one
    /// without a value or with characters that are not of a b64token is unreadable, and so are two Authorization lines of whatever scheme.
    /// </summary>
    public sealed record AuthorizationBearer : ApiTokenSource
    {
        private const string Scheme = "Bearer";

        private static readonly SearchValues<char> TokenCharacters =
            SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/");

        internal override bool TryRead(HttpRequest request, out ReadOnlyMemory<char> text)
        {
            text = default;
            StringValues lines = request.Headers.Authorization;
            if (lines.Count != 1)
            {
                return lines.Count > 1;
            }

            if (!IsBearer(lines[0]))
            {
                return false;
            }

            // A part of the line: a copy for each request would be for nothing.
            ReadOnlyMemory<char> value = lines[0].AsMemory(Scheme.Length).TrimStart(' ');
            text = IsToken(value.Span) ? value : default;
            return true;
        }

        private static bool IsBearer(string? line) =>
            line is not null
            && line.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && (line.Length == Scheme.Length || line[Scheme.Length] == ' ');

        // b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
        private static bool IsToken(ReadOnlySpan<char> value)
        {
            value = value.TrimEnd('=');
            return value.Length > 0 && !value.ContainsAnyExcept(TokenCharacters);
        }
    }

    /// <summary>A header that holds the credential and nothing else, such as <c>X-API-Key</c>.</summary>
    /// <param name="Name">The header, in any case.</param>
    public sealed record Header(string Name) : ApiTokenSource
    {
        internal override bool TryRead(HttpRequest request, out ReadOnlyMemory<char> text) => TryReadSingle(request.Headers[Name], out text);
    }

    /// <summary>A cookie. Browsers attach it to requests that other sites cause: protect what it may do against forgery.</summary>
    /// <param name="Name">The cookie, in this case.</param>
    public sealed record Cookie(string Name) : ApiTokenSource
    {
        internal override bool TryRead(HttpRequest request, out ReadOnlyMemory<char> text)
        {
            // The request's own collection takes names in any case and shows the last of several: another site below the same domain could
            // have its own cookie taken for the host's.
            List<string> values = [];
            foreach (string? line in request.Headers.Cookie)
            {
                foreach (Range range in line.AsSpan().Split(';'))
                {
                    ReadOnlySpan<char> cookie = line.AsSpan(range).Trim();
                    if (cookie.StartsWith(Name, StringComparison.Ordinal) && cookie[Name.Length..] is ['=', .. var value])
                    {
                        values.Add(value.ToString());
                    }
                }
            }

            return TryReadSingle(values.ToArray(), out text);
        }
    }

    /// <summary>
    /// A query parameter (RFC 6750 §2.3). URLs end up in logs, histories and proxies: offer it only to clients that know nothing else.
    /// Responses say <c>Cache-Control: private, no-store</c>.
    /// </summary>
    /// <param name="Name">The parameter, in any case.</param>
#pragma warning disable CA1724 // A nested case of this family is not mistaken for the namespace of the product Query.
    public sealed record Query(string Name) : ApiTokenSource
    {
        internal override bool TryRead(HttpRequest request, out ReadOnlyMemory<char> text) => TryReadSingle(request.Query[Name], out text);
    }
#pragma warning restore CA1724
}
