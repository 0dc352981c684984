using Microsoft.AspNetCore.Http;

namespace TokenKit.AspNetCore.TokenApis;

/// <summary>A body as it was sent, whatever its label says.</summary>
/// <param name="Bytes">The body; empty when there is none.</param>
/// <param name="Problem">Why there are no bytes; null when there are.</param>
internal readonly record struct RequestBody(ReadOnlyMemory<byte> Bytes, TokenApiOutcome? Problem = null)
{
    public const int MaximumLength = 64 * 1024;

    /// <summary>Reads a body, but never more than one byte too many: a chunked body does not say how long it is.</summary>
    public static async ValueTask<RequestBody> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaximumLength)
        {
            return new(default, TokenApiOutcome.BodyTooLarge);
        }

        byte[] buffer = new byte[(request.ContentLength ?? MaximumLength) + 1];
        try
        {
            int length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return length > MaximumLength ? new(default, TokenApiOutcome.BodyTooLarge) : new(buffer.AsMemory(0, length));
        }
        catch (IOException exception)
        {
            // A chunk whose size is no number of 32 bits is not even a bad request to the server.
            return new(
                default,
                exception is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } ? TokenApiOutcome.BodyTooLarge : TokenApiOutcome.BodyUnreadable);
        }
    }
}
