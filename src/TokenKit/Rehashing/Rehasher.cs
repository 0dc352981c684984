using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TokenKit.Changes;
using TokenKit.Diagnostics;
using TokenKit.Hashing;
using TokenKit.Stores;
using TokenKit.Verification;

namespace TokenKit.Rehashing;

/// <summary>
/// Renews what rows hold of tokens that are in use, off the request path: hashes with weaker parameters than new ones get, and what a former
/// key made. So many a second and no more, and a hash is computed only while nobody waits at the gate.
/// </summary>
internal sealed class Rehasher(
    ITokenStore store,
    TokenWriter writer,
    ChangeMarks marks,
    KeyRing keys,
    HashingGate gate,
    ProofCache proofs,
    ProofKeyFactory proofKeys,
    IOptions<RehashingOptions> options,
    TimeProvider time,
    Metrics metrics,
    ILogger<ApiTokens> logger) : BackgroundService
{
    // A store that is read-only, or down, is left alone for so long.
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMinutes(1);

    private readonly Channel<Upgrade> _queue = Channel.CreateBounded<Upgrade>(options.Value.QueueLimit);
    private readonly ConcurrentDictionary<Guid, bool> _queued = new();
    private readonly TimeSpan _interval = options.Value.RowsPerSecond is > 0 and var perSecond ? TimeSpan.FromSeconds(1.0 / perSecond) : TimeSpan.Zero;
    private volatile bool _accepts;
    private bool _hasFailed;

    /// <summary>How many texts are kept for it.</summary>
    public int Queued => _queued.Count;

    /// <summary>Looks whether a row could be better, and if so, has that done later. To be called only with a text that was proved.</summary>
    /// <param name="row">The row that the text was proved against.</param>
    /// <param name="text">The plaintext.</param>
    /// <param name="isOutdated">Whether the hasher has said so of its hash already.</param>
    /// <returns>False when the row is as good as rows are made here: it need not be offered again.</returns>
    public bool Offer(StoredToken row, ReadOnlySpan<char> text, bool isOutdated)
    {
        if (!_accepts)
        {
            return true;
        }

        if (!isOutdated && !CouldBeBetter(row))
        {
            return false;
        }

        if (_queued.TryAdd(row.Id, true))
        {
            var upgrade = new Upgrade(row, text, isOutdated);
            if (!_queue.Writer.TryWrite(upgrade))
            {
                Drop(upgrade);
            }
        }

        return true;
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Where nobody would ever make them, texts are not kept.
        _accepts = _interval > TimeSpan.Zero;
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (Upgrade upgrade in _queue.Reader.ReadAllAsync(stoppingToken).ConfigureAwait(false))
            {
                try
                {
                    await MakeAsync(upgrade, stoppingToken).ConfigureAwait(false);
                }
#pragma warning disable CA1031 // Whatever a store or a host's hasher throws: the row is as good as it was, and the host goes on.
                catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    upgrade.Wipe();
                    ReportFailure(exception);
                    await PauseAsync(stoppingToken).ConfigureAwait(false);
                }
                finally
                {
                    Forget(upgrade);
                }

                await Task.Delay(_interval, time, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Tokens are renewed when they are used again.
        }
        finally
        {
            _accepts = false;
            _queue.Writer.TryComplete();
            while (_queue.Reader.TryRead(out Upgrade? left))
            {
                Forget(left);
            }
        }
    }

    // Texts do not lie about for the time of the pause.
    private async Task PauseAsync(CancellationToken cancellationToken)
    {
        _accepts = false;
        while (_queue.Reader.TryRead(out Upgrade? left))
        {
            Drop(left);
        }

        await Task.Delay(PauseAfterFailure, time, cancellationToken).ConfigureAwait(false);
        _accepts = true;
    }

    private bool CouldBeBetter(StoredToken row) =>
        !string.Equals(row.Secret.KeyId, keys.Current?.Id, StringComparison.Ordinal)
        || (keys.Current is not null && row.Secret.Verifier is null)
        || gate.IsOutdated(row.Secret.Hash);

    private async Task MakeAsync(Upgrade upgrade, CancellationToken cancellationToken)
    {
        // Another node may have been faster; and what was proved holds for the hash that it was proved against.
        StoredToken? row = await store.FindAsync(upgrade.Id, cancellationToken).ConfigureAwait(false);
        if (row is null
            || row.RevokedAt is not null
            || !string.Equals(row.Secret.Hash, upgrade.Hash, StringComparison.Ordinal)
            || !(upgrade.IsOutdated || CouldBeBetter(row)))
        {
            // A row that is kept from before that would have it offered again with each use.
            marks.Set(upgrade.Id);
            return;
        }

        string hash = row.Secret.Hash;
        if (upgrade.IsOutdated || gate.IsOutdated(hash))
        {
            Task<string>? hashing;
            while (!gate.TryHashIdle(upgrade.Text, out hashing))
            {
                await Task.Delay(_interval, time, cancellationToken).ConfigureAwait(false);
            }

            // Not given up with the host: the text may not be wiped before.
            hash = await hashing.ConfigureAwait(false);
        }

        PossessionMarks possession = keys.Mark(upgrade.Text.Span, isOwnSecret: row.Secret.Tag is not null);
        StoredToken better = row with
        {
            Secret = row.Secret with { Hash = hash, Tag = possession.Tag, KeyId = possession.KeyId, Verifier = possession.Verifier },
        };

        // Before the hash is there, so that no request finds it without.
        proofs.Remember(proofKeys.Create(better, upgrade.Text.Span));
        CommitResult result = await writer.CommitAsync(new TokenChange.Rehash(time, better, row.Secret.Hash), cancellationToken).ConfigureAwait(false);
        _hasFailed = false;
        if (result.Outcome == CommitOutcome.Done)
        {
            metrics.Rehashed();
        }
    }

    private void Drop(Upgrade upgrade)
    {
        Forget(upgrade);
        metrics.RehashDropped();
    }

    private void Forget(Upgrade upgrade)
    {
        upgrade.Wipe();
        _queued.TryRemove(upgrade.Id, out _);
    }

    // One line, however long the store stays so.
    private void ReportFailure(Exception exception)
    {
        metrics.RehashDropped();
        if (!_hasFailed)
        {
            _hasFailed = true;
            Log.NotRehashed(logger, exception);
        }
    }

    /// <summary>A text that waits, as one copy that the collector does not move and so does not copy. It is wiped when it is done.</summary>
    private sealed class Upgrade
    {
        private readonly char[] _text;

        public Upgrade(StoredToken row, ReadOnlySpan<char> text, bool isOutdated)
        {
            Id = row.Id;
            Hash = row.Secret.Hash;
            IsOutdated = isOutdated;
            _text = GC.AllocateUninitializedArray<char>(text.Length, pinned: true);
            text.CopyTo(_text);
        }

        public Guid Id { get; }

        public string Hash { get; }

        public bool IsOutdated { get; }

        public ReadOnlyMemory<char> Text => _text;

        public void Wipe() => Array.Clear(_text);
    }
}
