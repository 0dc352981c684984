using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace TokenKit.AspNetCore.TokenApis;

/// <summary>Sends a piece of an answer that goes on, at once.</summary>
internal delegate Task SendPiece(ReadOnlyMemory<byte> piece);

/// <summary>The body of an answer that goes on: pieces that are made while the caller listens, each sent when it is there and forgotten then.</summary>
/// <param name="Speak">Makes the pieces and hands them over, until the caller has gone or the host stops. The answer ends when it does.</param>
/// <param name="WriteTimeout">How long the caller may take to make room for a piece.</param>
internal sealed record TokenApiStream(Func<SendPiece, CancellationToken, Task> Speak, TimeSpan WriteTimeout)
{
    /// <summary>Sends all pieces.</summary>
    /// <exception cref="OperationCanceledException">The caller has gone, was too slow, or makes no room while the host stops.</exception>
    public async Task SendAsync(HttpResponse response)
    {
        HttpContext context = response.HttpContext;
        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        CancellationToken stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        await Speak(piece => SendAsync(response, piece, ended.Token), ended.Token).ConfigureAwait(false);
    }

    private async Task SendAsync(HttpResponse response, ReadOnlyMemory<byte> piece, CancellationToken ended)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ended);
        patience.CancelAfter(WriteTimeout);
        await response.Body.WriteAsync(piece, patience.Token).ConfigureAwait(false);
        await response.Body.FlushAsync(patience.Token).ConfigureAwait(false);
    }
}
