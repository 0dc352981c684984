using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace TokenKit.AspNetCore.Endpoints;

/// <summary>Sends a piece of an answer that goes on, at once.</summary>
internal delegate Task SendPiece(ReadOnlyMemory<byte> piece);

/// <summary>The body of an answer that goes on: pieces that are made while the caller listens, each sent when it is there and forgotten then.</summary>
/// <param name="Speak">Makes the pieces and hands them over. The answer ends when it does.</param>
/// <param name="WriteTimeout">How long the caller may take to make room for a piece.</param>
internal sealed record SetStream(Func<SendPiece, CancellationToken, Task> Speak, TimeSpan WriteTimeout)
{
    /// <summary>Sends all pieces.</summary>
    /// <exception cref="OperationCanceledException">The caller has gone, was too slow, or makes no room while the host stops.</exception>
    public Task SendAsync(HttpResponse response)
    {
        response.HttpContext.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        return Speak(piece => SendAsync(response, piece), response.HttpContext.RequestAborted);
    }

    private async Task SendAsync(HttpResponse response, ReadOnlyMemory<byte> piece)
    {
        CancellationToken aborted = response.HttpContext.RequestAborted;
        CancellationToken stopping = response.HttpContext.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(aborted, stopping);
        patience.CancelAfter(WriteTimeout);
        await response.Body.WriteAsync(piece, patience.Token).ConfigureAwait(false);
        await response.Body.FlushAsync(patience.Token).ConfigureAwait(false);
    }
}
