using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using TokenKit.Diagnostics;

namespace TokenKit.Hashing;

/// <summary>
/// The one door to <see cref="ISecretHasher"/>: a bounded number of hashes at once, a bounded number of callers waiting in the order they
/// came. A permit ends with the work, not with the caller: who hangs up has not made room for another.
/// </summary>
internal sealed class HashingGate(IOptions<HashingOptions> options, Metrics metrics) : IDisposable
{
#pragma warning disable CA2213 // Late holders still use both, and neither holds anything that has to be freed: no timer, no wait handle.
    private readonly SemaphoreSlim _permits = new(options.Value.MaximumConcurrency, options.Value.MaximumConcurrency);
    private readonly int _limit = options.Value.MaximumConcurrency + options.Value.QueueLimit;
    private readonly CancellationTokenSource _stopping = new();
#pragma warning restore CA2213
    private int _inside;

    /// <summary>When a caller that was turned away should come back.</summary>
    public TimeSpan RetryAfter { get; } = options.Value.RetryAfter;

    /// <summary>Whether a hash failed for lack of means, and not because of a bug or because its caller gave up.</summary>
    public static bool IsOutOfService(Exception exception, CancellationToken caller) =>
        exception is OutOfMemoryException || (exception is OperationCanceledException && !caller.IsCancellationRequested);

    /// <summary>Computes a hash when it is its turn, on a pool thread.</summary>
    /// <param name="work">Computes it.</param>
    /// <param name="task">The work. It is not tied to any caller: one that gives up only stops waiting for it.</param>
    /// <returns>False when too many wait.</returns>
    public bool TryRun<T>(Func<CancellationToken, T> work, [NotNullWhen(true)] out Task<T>? task)
    {
        if (Interlocked.Increment(ref _inside) > _limit)
        {
            Interlocked.Decrement(ref _inside);
            metrics.HashTurnedAway();
            task = null;
            return false;
        }

        task = RunAsync(work);
        return true;
    }

    /// <summary>Stops the work. Permits are left to those who still hold them.</summary>
    public void Dispose() => _stopping.Cancel();

    private async Task<T> RunAsync<T>(Func<CancellationToken, T> work)
    {
        try
        {
            CancellationToken stopping = _stopping.Token;
            await _permits.WaitAsync(stopping).ConfigureAwait(false);
            try
            {
                return await Task.Run(() => work(stopping), stopping).ConfigureAwait(false);
            }
            finally
            {
                _permits.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }
}
