using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using TokenKit.Diagnostics;

namespace TokenKit.Hashing;

/// <summary>
/// The only holder of <see cref="ISecretHasher"/>: it computes a bounded number of hashes at once, lets a bounded number of callers wait, and
/// is fair to different tokens and subjects. A permit ends with the work, not with the caller: who hangs up has not made room for another.
/// </summary>
internal sealed class HashingGate(ISecretHasher hasher, IOptions<HashingOptions> options, TimeProvider time, Metrics metrics) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly HashingQueue _queue = new(options.Value.QueueLimit);
    private readonly int _permits = options.Value.MaximumConcurrency;
#pragma warning disable CA2213 // Late holders still use it, and it holds nothing that has to be freed: no timer, no wait handle.
    private readonly CancellationTokenSource _stopping = new();
#pragma warning restore CA2213
    private int _running;

    /// <summary>When a caller that was turned away should come back.</summary>
    public TimeSpan RetryAfter { get; } = options.Value.RetryAfter;

    /// <summary>How many hashes are computed, and how many callers wait.</summary>
    public (int Running, int Waiting) Load
    {
        get
        {
            lock (_lock)
            {
                return (_running, _queue.Count);
            }
        }
    }

    /// <summary>Whether a hash failed for lack of means, and not because of a bug or because its caller gave up.</summary>
    public static bool IsOutOfService(Exception exception, CancellationToken caller) =>
        exception is OutOfMemoryException || (exception is OperationCanceledException && !caller.IsCancellationRequested);

    /// <summary>Whether new hashes are stronger than a stored one, as far as its text tells.</summary>
    public bool IsOutdated(string hash) => hasher.IsOutdated(hash);

    /// <summary>Hashes a new plaintext when it is its turn.</summary>
    /// <param name="lane">For whom.</param>
    /// <param name="text">The plaintext.</param>
    /// <param name="caller">A caller that gave up while it waited gets no hash: nobody would use it.</param>
    /// <param name="hashing">The work. It is not tied to the caller: one that gives up only stops waiting for it.</param>
    /// <returns>False when too many wait.</returns>
    public bool TryHash(HashingLane lane, string text, CancellationToken caller, [NotNullWhen(true)] out Task<string>? hashing) =>
        TryRun(
            lane,
            stopping =>
            {
                caller.ThrowIfCancellationRequested();
                return Hash(text.AsMemory(), HashPurpose.Issue, stopping);
            },
            out hashing);

    /// <summary>Hashes a plaintext anew where nobody waits and a permit is free, so that it delays others by one hash at most.</summary>
    /// <returns>False where that is not so.</returns>
    public bool TryHashIdle(ReadOnlyMemory<char> text, [NotNullWhen(true)] out Task<string>? hashing) =>
        TryRunIdle(stopping => Hash(text, HashPurpose.Rehash, stopping), out hashing);

    /// <summary>Compares a presented text with a stored hash when it is its turn.</summary>
    /// <returns>False when too many wait.</returns>
    public bool TryVerify(HashingLane lane, string text, string hash, [NotNullWhen(true)] out Task<SecretVerdict>? verifying) =>
        TryRun(lane, stopping => Verify(text, hash, stopping), out verifying);

    /// <summary>Computes a hash when it is its turn, on a pool thread.</summary>
    /// <param name="lane">For whom.</param>
    /// <param name="work">Computes it.</param>
    /// <param name="task">The work. It is not tied to any caller: one that gives up only stops waiting for it.</param>
    /// <returns>False when too many wait.</returns>
    public bool TryRun<T>(HashingLane lane, Func<CancellationToken, T> work, [NotNullWhen(true)] out Task<T>? task)
    {
        TaskCompletionSource? waiter = null;
        lock (_lock)
        {
            if (!TryTakePermit())
            {
                waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                if (_stopping.IsCancellationRequested)
                {
                    waiter.SetCanceled(_stopping.Token);
                }
                else if (!_queue.TryEnqueue(lane, waiter))
                {
                    metrics.HashTurnedAway();
                    task = null;
                    return false;
                }
                else
                {
                    metrics.HashWaits(1);
                }
            }
        }

        task = RunAsync(work, waiter?.Task ?? Task.CompletedTask);
        return true;
    }

    /// <summary>Computes a hash at once where nobody waits and a permit is free, so that it keeps nobody back for longer than it takes.</summary>
    /// <returns>False where that is not so.</returns>
    public bool TryRunIdle<T>(Func<CancellationToken, T> work, [NotNullWhen(true)] out Task<T>? task)
    {
        lock (_lock)
        {
            if (!TryTakePermit())
            {
                task = null;
                return false;
            }
        }

        task = RunAsync(work, Task.CompletedTask);
        return true;
    }

    /// <summary>Stops the work. Permits are left to those who still hold them.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        lock (_lock)
        {
            while (_queue.TryDequeue(out TaskCompletionSource? waiter))
            {
                metrics.HashWaits(-1);
                waiter.SetCanceled(_stopping.Token);
            }
        }
    }

    private string Hash(ReadOnlyMemory<char> text, HashPurpose purpose, CancellationToken stopping)
    {
        long startedAt = time.GetTimestamp();
        string hash = hasher.Hash(text.Span, stopping);
        metrics.Hashed(purpose, time.GetElapsedTime(startedAt));
        return hash;
    }

    // A hash that is unusable was not computed.
    private SecretVerdict Verify(string text, string hash, CancellationToken stopping)
    {
        long startedAt = time.GetTimestamp();
        SecretVerdict verdict = hasher.Verify(text.AsSpan(), hash, stopping);
        if (verdict != SecretVerdict.Unusable)
        {
            metrics.Hashed(HashPurpose.Verify, time.GetElapsedTime(startedAt));
        }

        return verdict;
    }

    // Whoever has just passed a permit on has found somebody waiting, so a free permit means that nobody does.
    private bool TryTakePermit()
    {
        if (_running == _permits || _stopping.IsCancellationRequested)
        {
            return false;
        }

        _running++;
        return true;
    }

    private async Task<T> RunAsync<T>(Func<CancellationToken, T> work, Task turn)
    {
        await turn.ConfigureAwait(false);
        try
        {
            CancellationToken stopping = _stopping.Token;
            return await Task.Run(() => work(stopping), stopping).ConfigureAwait(false);
        }
        finally
        {
            PassOn();
        }
    }

    private void PassOn()
    {
        TaskCompletionSource? next;
        lock (_lock)
        {
            if (_queue.TryDequeue(out next))
            {
                metrics.HashWaits(-1);
            }
            else
            {
                _running--;
            }
        }

        next?.SetResult();
    }
}
