using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TokenKit.Diagnostics;
using TokenKit.Stores;

namespace TokenKit.Usage;

/// <summary>
/// Writes down when tokens were last used, off the request path: uses are gathered in memory and written in batches, once per window and
/// token. What is not written yet is laid over what the store says.
/// </summary>
internal sealed class LastUsedTracker(
    ITokenStore store,
    IOptions<LastUsedOptions> options,
    TimeProvider time,
    Metrics metrics,
    ILogger<ApiTokens> logger) : BackgroundService
{
    // Instants as microseconds: a long is replaced in place, without a new entry.
    private readonly ConcurrentDictionary<Guid, long> _pending = new();
    private readonly int _limit = options.Value.BufferLimit;
    private int _count;

    public void Record(Guid id, DateTimeOffset usedAt)
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        long at = UnixMicroseconds.From(usedAt);
        if (_pending.TryGetValue(id, out long known))
        {
            // Losing the race means that somebody else wrote a use of the same moment.
            if (known < at)
            {
                _pending.TryUpdate(id, at, known);
            }
        }
        else if (Interlocked.Increment(ref _count) > _limit)
        {
            Interlocked.Decrement(ref _count);
            metrics.UsesDropped(1);
        }
        else if (!_pending.TryAdd(id, at))
        {
            Interlocked.Decrement(ref _count);
        }
    }

    /// <summary>The later of what the store says and what is not written yet.</summary>
    public DateTimeOffset? Latest(StoredToken row) =>
        _pending.TryGetValue(row.Id, out long pending) && UnixMicroseconds.ToInstant(pending) is var usedAt && !(usedAt <= row.LastUsedAt)
            ? usedAt
            : row.LastUsedAt;

    /// <summary>Writes what is pending. What the store does not take stays pending.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        foreach (KeyValuePair<Guid, long>[] uses in _pending.Chunk(TokenBatch.MaximumSize))
        {
            try
            {
                await store.CommitBatchAsync(
                    new TokenBatch.Touch([.. uses.Select(use => new TokenUse(use.Key, UnixMicroseconds.ToInstant(use.Value)))]),
                    cancellationToken).ConfigureAwait(false);
            }
            catch (TokenStoreException exception)
            {
                Log.LastUsedNotWritten(logger, exception, uses.Length);
                return;
            }

            foreach (KeyValuePair<Guid, long> use in uses)
            {
                // A use that came meanwhile is later, and stays.
                if (_pending.TryRemove(use))
                {
                    Interlocked.Decrement(ref _count);
                }
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Window, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                await FlushAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // StopAsync writes what is left.
        }
    }
}
