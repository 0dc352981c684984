using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace TokenKit.AspNetCore.TokenApis;

/// <summary>Sends an answer that lists. Its head is sent with the first piece that is full: until then another answer can take its place.</summary>
/// <param name="context">The request.</param>
internal sealed class ListSending(HttpContext context)
{
    /// <summary>Whether something of the list is sent.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Sends a list.</summary>
    /// <returns>The answer with its whole body, which is left to send, where that is one piece; null when all is sent.</returns>
    public async Task<TokenApiResponse?> SendAsync(TokenApiResponse answer, WriteBody write)
    {
        ArrayBufferWriter<byte> last = await write(piece => SendAsync(answer, piece), context.RequestAborted).ConfigureAwait(false);
        if (!HasBegun)
        {
            return answer with { Body = last.WrittenMemory };
        }

        await SendAsync(answer, last.WrittenMemory).ConfigureAwait(false);
        return null;
    }

    // The server makes the writing wait while the reader is slow.
    private async Task SendAsync(TokenApiResponse answer, ReadOnlyMemory<byte> piece)
    {
        if (!HasBegun)
        {
            HasBegun = true;
            await TokenApiPipeline.SendAsync(context, answer).ConfigureAwait(false);
        }

        await context.Response.Body.WriteAsync(piece, context.RequestAborted).ConfigureAwait(false);
    }
}
