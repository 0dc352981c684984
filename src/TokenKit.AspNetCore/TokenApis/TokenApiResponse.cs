using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace TokenKit.AspNetCore.TokenApis;

/// <summary>
/// An answer. It is made before anything is sent, so that no failure leaves half of one behind; only an answer that goes on has a body that
/// is made later.
/// </summary>
/// <param name="Status">The status code.</param>
/// <param name="Body">The body; empty for none.</param>
/// <param name="ContentType">The media type of the body; null for none.</param>
internal sealed record TokenApiResponse(int Status, ReadOnlyMemory<byte> Body = default, string? ContentType = null)
{
    private readonly KeyValuePair<string, string>[] _headers = [];

    private TokenApiResponse(TokenApiResponse other, KeyValuePair<string, string> header)
        : this(other) => _headers = [.. other._headers, header];

    /// <summary>The body of an answer that goes on; null for an answer that is whole.</summary>
    public TokenApiStream? Stream { get; init; }

    public static TokenApiResponse Json<T>(int status, T value, JsonTypeInfo<T> type, string? contentType = "application/json") =>
        new(status, JsonSerializer.SerializeToUtf8Bytes(value, type), contentType);

    public TokenApiResponse With(string header, string value) => new(this, new(header, value));

    /// <summary>Sends a whole answer, or the head of one that goes on.</summary>
    public async Task SendAsync(HttpResponse response)
    {
        response.StatusCode = Status;
        response.Headers.CacheControl = "no-store";
        foreach ((string name, string value) in _headers)
        {
            response.Headers[name] = value;
        }

        response.ContentType = ContentType;
        if (!Body.IsEmpty)
        {
            response.ContentLength = Body.Length;
            await response.Body.WriteAsync(Body, response.HttpContext.RequestAborted).ConfigureAwait(false);
        }
    }
}
