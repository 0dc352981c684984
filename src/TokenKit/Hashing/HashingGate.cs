using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using TokenKit.Diagnostics;
using TokenKit.Turns;

namespace TokenKit.Hashing;

/// <summary>
/// The only holder of <see cref="ISecretHasher"/>: it computes a bounded number of hashes at once, lets a bounded number of callers wait, and
/// is fair to different tokens and subjects. A permit ends with the work, not with the caller: who hangs up has not made room for another.
/// </summary>
internal sealed class HashingGate(ISecretHasher hasher, IOptions<HashingOptions> options, TimeProvider time, Metrics metrics) : IDisposable
{
    // First lane: callers who have shown possession, and new secrets. Second lane: texts that anyone may have sent. The lanes alternate.
    private readonly Turnstile _turnstile = new(
        options.Value.MaximumConcurrency, new TurnQueue(options.Value.QueueLimit, Math.Max(1, options.Value.QueueLimit / 2), firstInARow: 1));

#pragma warning disable CA2213 // Late holders still use it, and it holds nothing that has to be freed: no timer, no wait handle.
    private readonly CancellationTokenSource _stopping = new();
#pragma warning restore CA2213

    /// <summary>When a caller that was turned away should come back.</summary>
    public TimeSpan RetryAfter { get; } = options.Value.RetryAfter;

    /// <summary>How many hashes are computed, and how many callers wait.</summary>
    public (int Running, int Waiting) Load => _turnstile.Load;

    /// <summary>Whether a hash failed for lack of means, and not because of a bug or because its caller gave up.</summary>
    public static bool IsOutOfService(Exception exception, CancellationToken caller) =>
        exception is OutOfMemoryException || (exception is OperationCanceledException && !caller.IsCancellationRequested);

    /// <summary>Whether new hashes are stronger than a stored one, as far as its text tells.</summary>
    public bool IsOutdated(string hash) => hasher.IsOutdated(hash);

    /// <summary>Hashes a new plaintext when it is its turn.</summary>
    /// <param name="owner">Whose turn it is.</param>
    /// <param name="text">The plaintext.</param>
    /// <param name="caller">A caller that gave up while it waited gets no hash: nobody would use it.</param>
    /// <param name="hashing">The work. It is not tied to the caller: one that gives up only stops waiting for it.</param>
    /// <returns>False when too many wait.</returns>
    public bool TryHash(TurnOwner owner, string text, CancellationToken caller, [NotNullWhen(true)] out Task<string>? hashing) =>
        TryRun(
            owner,
            TurnLane.First,
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
    /// <param name="owner">Whose turn it is.</param>
    /// <param name="isUnproven">Whether nothing shows that the caller holds the secret.</param>
    /// <param name="text">The text.</param>
    /// <param name="hash">The hash.</param>
    /// <param name="verifying">The work, which is tied to no caller.</param>
    /// <returns>False when too many wait.</returns>
    public bool TryVerify(TurnOwner owner, bool isUnproven, string text, string hash, [NotNullWhen(true)] out Task<SecretVerdict>? verifying) =>
        TryRun(owner, isUnproven ? TurnLane.Second : TurnLane.First, stopping => Verify(text, hash, stopping), out verifying);

    /// <summary>Computes a hash when it is its turn, on a pool thread.</summary>
    /// <param name="owner">Whose turn it is.</param>
    /// <param name="lane">In which lane.</param>
    /// <param name="work">Computes it.</param>
    /// <param name="task">The work. It is not tied to any caller: one that gives up only stops waiting for it.</param>
    /// <returns>False when too many wait.</returns>
    public bool TryRun<T>(TurnOwner owner, TurnLane lane, Func<CancellationToken, T> work, [NotNullWhen(true)] out Task<T>? task)
    {
        if (!_turnstile.TryEnter(owner, lane, out Turn? turn))
        {
            metrics.HashTurnedAway();
            task = null;
            return false;
        }

        task = RunAsync(work, turn.Come);
        return true;
    }

    /// <summary>Computes a hash at once where nobody waits and a permit is free, so that it keeps nobody back for longer than it takes.</summary>
    /// <returns>False where that is not so.</returns>
    public bool TryRunIdle<T>(Func<CancellationToken, T> work, [NotNullWhen(true)] out Task<T>? task)
    {
        if (!_turnstile.TryEnterAtOnce())
        {
            task = null;
            return false;
        }

        task = RunAsync(work, Task.CompletedTask);
        return true;
    }

    /// <summary>Stops the work. Permits are left to those who still hold them.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _turnstile.Close(_stopping.Token);
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

    private async Task<T> RunAsync<T>(Func<CancellationToken, T> work, Task turn)
    {
        if (!turn.IsCompleted)
        {
            metrics.HashWaits(1);
            await turn.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            metrics.HashWaits(-1);
        }

        await turn.ConfigureAwait(false);
        try
        {
            CancellationToken stopping = _stopping.Token;
            return await Task.Run(() => work(stopping), stopping).ConfigureAwait(false);
        }
        finally
        {
            _turnstile.Leave();
        }
    }
}
