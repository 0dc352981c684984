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
    ILogger<ApiTokens> logger) : BackgroundService, IHostedLifecycleService
{
    // A use so little later than a pending one is not worth writing to memory that all processors share.
    private const long Precision = 1_000_000;

    // Instants as microseconds: a long is replaced in place, without a new entry.
    private readonly ConcurrentDictionary<Guid, long> _pending = new();
    private readonly int _limit = options.Value.BufferLimit;
    private int _count;
    private volatile bool _hasFailed;

    public void Record(Guid id, DateTimeOffset usedAt)
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        long at = UnixMicroseconds.From(usedAt);
        while (!TryRecord(id, at))
        {
            // Another use of the token came first, or a flush took the entry away.
        }
    }

    /// <summary>The later of what the store says and what is not written yet.</summary>
    private DateTimeOffset? Latest(StoredToken row) =>
        _pending.TryGetValue(row.Id, out long pending) && UnixMicroseconds.ToInstant(pending) is var usedAt && !(usedAt <= row.LastUsedAt)
            ? usedAt
            : row.LastUsedAt;

    /// <summary>The record of a row, with its latest use.</summary>
    public ApiToken Show(StoredToken row) => ApiToken.From(row) with { LastUsedAt = Latest(row) };

    private bool TryRecord(Guid id, long at)
    {
        if (_pending.TryGetValue(id, out long known))
        {
            return known > at - Precision || _pending.TryUpdate(id, at, known);
        }

        if (Interlocked.Increment(ref _count) > _limit)
        {
            Interlocked.Decrement(ref _count);
            metrics.UsesDropped(1);
            return true;
        }

        bool added = _pending.TryAdd(id, at);
        if (!added)
        {
            Interlocked.Decrement(ref _count);
        }

        return added;
    }

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
#pragma warning disable CA1031 // Nobody is told when a token was last used at the price of a host that stops.
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                // One line, however long the store stays so: it may be read-only for good.
                if (!_hasFailed)
                {
                    _hasFailed = true;
                    Log.LastUsedNotWritten(logger, exception, uses.Length);
                }

                return;
            }

            _hasFailed = false;

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

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Writes what is left once every service has stopped: the web server may be one of the last, and answers requests until then.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Others took the time that the host has to stop. It does not fail to stop for that.
        }

        // Whatever the store has not taken by now.
        metrics.UsesDropped(_pending.Count);
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
            // StoppedAsync writes what is left.
        }
    }
}
