using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace TokenKit.AspNetCore.Endpoints;

/// <summary>The body of an answer that goes on: pieces that are made while the caller listens, each sent when it is there.</summary>
/// <param name="Pieces">The pieces. The answer ends when they do.</param>
/// <param name="WriteTimeout">How long the caller may take to make room for a piece.</param>
internal sealed record SetStream(IAsyncEnumerable<ReadOnlyMemory<byte>> Pieces, TimeSpan WriteTimeout)
{
    /// <summary>Sends all pieces.</summary>
    /// <exception cref="OperationCanceledException">The caller has gone, was too slow, or makes no room while the host stops.</exception>
    public async Task SendAsync(HttpResponse response)
    {
        response.HttpContext.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        CancellationToken aborted = response.HttpContext.RequestAborted;
        CancellationToken stopping = response.HttpContext.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        await foreach (ReadOnlyMemory<byte> piece in Pieces.WithCancellation(aborted).ConfigureAwait(false))
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(aborted, stopping);
            patience.CancelAfter(WriteTimeout);
            await response.Body.WriteAsync(piece, patience.Token).ConfigureAwait(false);
            await response.Body.FlushAsync(patience.Token).ConfigureAwait(false);
        }
    }
}
