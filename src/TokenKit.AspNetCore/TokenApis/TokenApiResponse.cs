using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace TokenKit.AspNetCore.TokenApis;

/// <summary>Writes the body of an answer in pieces, and hands each over that is full.</summary>
/// <returns>The last piece, which is not handed over.</returns>
internal delegate Task<ArrayBufferWriter<byte>> WriteBody(SendPiece send, CancellationToken cancellationToken);

/// <summary>
/// An answer. It is made before anything is sent, so that no failure leaves half of one behind; only the body of a list, or of an answer
/// that goes on, is made later.
/// </summary>
/// <param name="Status">The status code.</param>
/// <param name="Body">The body; empty for none.</param>
/// <param name="ContentType">The media type of the body; null for none.</param>
internal sealed record TokenApiResponse(int Status, ReadOnlyMemory<byte> Body = default, string? ContentType = null)
{
    private readonly KeyValuePair<string, string>[] _headers = [];

    private TokenApiResponse(TokenApiResponse other, KeyValuePair<string, string> header)
        : this(other) => _headers = [.. other._headers, header];

    /// <summary>The body of an answer that lists; null for one that does not.</summary>
    public WriteBody? List { get; init; }

    /// <summary>The body of an answer that goes on; null for an answer that ends.</summary>
    public TokenApiStream? Stream { get; init; }

    public static TokenApiResponse Json<T>(int status, T value, JsonTypeInfo<T> type, string? contentType = "application/json") =>
        new(status, JsonSerializer.SerializeToUtf8Bytes(value, type), contentType);

    /// <summary>An answer that lists rows, however many.</summary>
    public static TokenApiResponse Rows<T>(JsonRows<T> rows, string? contentType = "application/json") =>
        new(StatusCodes.Status200OK, ContentType: contentType) { List = rows.WriteAsync };

    public TokenApiResponse With(string header, string value) => new(this, new(header, value));

    /// <summary>Sends a whole answer, or the head of one whose body is made later.</summary>
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
