using System.Threading.Channels;

namespace TokenKit.AspNetCore.TokenApis.Canvus.Streams;

/// <summary>Why a stream wakes up.</summary>
[Flags]
internal enum WakeReason
{
    /// <summary>It does not: it ends.</summary>
    None = 0,

    /// <summary>The tokens are others than before.</summary>
    Change = 1,

    /// <summary>It is time to ask for the caller's rights.</summary>
    Check = 2,

    /// <summary>It has been silent for long.</summary>
    KeepAlive = 4,
}

/// <summary>Wakes one stream. However often it rings while the stream is busy, it takes no more room, and nobody waits for the stream.</summary>
internal sealed class StreamAlarm : IDisposable
{
    private readonly Channel<bool> _bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly TimeSpan _silence;
    private readonly ITimer _check;
    private readonly ITimer _keepAlive;
    private int _reasons;

    public StreamAlarm(CanvusStreamOptions options, TimeProvider time)
    {
        _silence = options.KeepAliveInterval;
        _check = time.CreateTimer(_ => Ring(WakeReason.Check), null, options.PollInterval, options.PollInterval);
        _keepAlive = time.CreateTimer(_ => Ring(WakeReason.KeepAlive), null, _silence, _silence);
    }

    public void Ring(WakeReason reason)
    {
        Interlocked.Or(ref _reasons, (int)reason);
        _bell.Writer.TryWrite(true);
    }

    /// <summary>The stream has said something: the silence begins anew.</summary>
    public void Said() => _keepAlive.Change(_silence, _silence);

    /// <summary>Waits until there is a reason to wake up.</summary>
    /// <returns>The reasons; none when the wait was given up.</returns>
    public async ValueTask<WakeReason> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            WakeReason reasons;
            do
            {
                // The reason of a ring may have been taken together with that of the ring before.
                await _bell.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                reasons = (WakeReason)Interlocked.Exchange(ref _reasons, 0);
            }
            while (reasons == WakeReason.None);

            return reasons;
        }
        catch (OperationCanceledException)
        {
            return WakeReason.None;
        }
    }

    public void Dispose()
    {
        _check.Dispose();
        _keepAlive.Dispose();
    }
}
