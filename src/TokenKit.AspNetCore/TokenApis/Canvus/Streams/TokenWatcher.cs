using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TokenKit.AspNetCore.Diagnostics;
using TokenKit.Changes;

namespace TokenKit.AspNetCore.TokenApis.Canvus.Streams;

/// <summary>
/// Watches the tokens of a realm for all its streams on this node: it looks at the store in the poll interval, at those users only whom a
/// stream needs, and at once when this process has changed something of theirs.
/// </summary>
internal sealed class TokenWatcher : BackgroundService
{
    // A store that answers slowly must not make the last user wait for all others.
    private const int LooksAtOnce = 4;

    private readonly string _realm;
    private readonly ApiTokens _tokens;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TimeSpan _interval;
    private readonly IDisposable _listening;
    private readonly int? _mostStreams;
    private readonly Dictionary<string, WatchedSubject> _subjects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _streams = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopped;

    // Who waits for one gets it in the order of coming. A look takes one for each page, so that a long list is looked at between others.
#pragma warning disable CA2213 // A semaphore whose wait handle nobody asks for has nothing to dispose of.
    private readonly SemaphoreSlim _turns = new(LooksAtOnce);
#pragma warning restore CA2213

    public TokenWatcher(
        [ServiceKey] string realm,
        ApiTokens tokens,
        LocalChanges changes,
        IOptionsMonitor<CanvusTokensOptions> options,
        TimeProvider time,
        ILogger<TokenApi> logger)
    {
        _realm = realm;
        _tokens = tokens;
        _time = time;
        _logger = logger;
        CanvusStreamOptions streams = options.Get(realm).Streams;
        _interval = streams.PollInterval;
        _mostStreams = streams.MaximumPerCaller;
        _stopped = _stop.Token;
        _listening = changes.Subscribe(Mark);
    }

    /// <summary>Counts one more stream of a caller, if there may be one.</summary>
    public bool TryOpenFor(string caller)
    {
        lock (_streams)
        {
            int open = _streams.GetValueOrDefault(caller);
            if (open >= _mostStreams)
            {
                return false;
            }

            _streams[caller] = open + 1;
            return true;
        }
    }

    /// <summary>Counts one stream less.</summary>
    public void CloseFor(string caller)
    {
        lock (_streams)
        {
            if (--_streams[caller] == 0)
            {
                _streams.Remove(caller);
            }
        }
    }

    /// <summary>Has a stream woken when the tokens of a user are others than before. What they are is known after a first look.</summary>
    /// <param name="subject">The user.</param>
    /// <param name="alarm">Wakes the stream.</param>
    /// <param name="inFull">A token of the user's that the stream needs in full; null for none.</param>
    public WatchedSubject Watch(string subject, StreamAlarm alarm, Guid? inFull)
    {
        lock (_subjects)
        {
            if (!_subjects.TryGetValue(subject, out WatchedSubject? watched))
            {
                _subjects[subject] = watched = new WatchedSubject(subject);
            }

            watched.Add(alarm, inFull);
            return watched;
        }
    }

    public void Leave(WatchedSubject watched, StreamAlarm alarm)
    {
        lock (_subjects)
        {
            if (watched.Remove(alarm))
            {
                _subjects.Remove(watched.Subject);
            }
        }
    }

    /// <summary>Looks at the tokens of a user, for a stream that opens.</summary>
    public Task LookAsync(WatchedSubject watched) => LookAsync(watched, turns: null);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    public override void Dispose()
    {
        _listening.Dispose();
        _stop.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            await Parallel.ForEachAsync(
                Watched(SubjectFilter.Any),
                new ParallelOptions { MaxDegreeOfParallelism = LooksAtOnce, CancellationToken = stoppingToken },
                (watched, _) => new ValueTask(TryLookAsync(watched, turns: null))).ConfigureAwait(false);
        }
    }

    // On the thread of whoever made the change, which goes on at once. Each user waits at most once.
    private void Mark(LocalChange change)
    {
        if (string.Equals(change.Realm, _realm, StringComparison.Ordinal))
        {
            foreach (WatchedSubject watched in Watched(change.Owner).Where(watched => watched.TryMarkDue()))
            {
                _ = TryLookAsync(watched, _turns);
            }
        }
    }

    private WatchedSubject[] Watched(SubjectFilter owner)
    {
        lock (_subjects)
        {
            return owner is SubjectFilter.OneSubject { Subject: var subject }
                ? _subjects.TryGetValue(subject, out WatchedSubject? one) ? [one] : []
                : [.. _subjects.Values.Where(watched => owner.Matches(watched.Subject))];
        }
    }

    private async Task TryLookAsync(WatchedSubject watched, SemaphoreSlim? turns)
    {
        try
        {
            await LookAsync(watched, turns).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A look that failed, for whatever reason, must not be the last one.
        catch (Exception exception) when (!_stopped.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.WatchFailed(_logger, exception, _realm);
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private Task LookAsync(WatchedSubject watched, SemaphoreSlim? turns) =>
        watched.LookAsync(inFull => SubjectTokens.ReadAsync(_tokens, _realm, watched.Subject, inFull, turns, _stopped));
}
