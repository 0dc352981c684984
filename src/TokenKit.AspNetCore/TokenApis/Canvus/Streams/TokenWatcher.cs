using System.Threading.Channels;
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
    private readonly Dictionary<string, WatchedSubject> _subjects = new(StringComparer.Ordinal);
    private readonly Channel<WatchedSubject> _due = Channel.CreateUnbounded<WatchedSubject>();

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
        _interval = options.Get(realm).Streams.PollInterval;
        _listening = changes.Subscribe(Mark);
    }

    /// <summary>Has a stream woken when the tokens of a user are others than before. What they are is known after a first look.</summary>
    public WatchedSubject Watch(string subject, StreamAlarm alarm)
    {
        lock (_subjects)
        {
            if (!_subjects.TryGetValue(subject, out WatchedSubject? watched))
            {
                _subjects[subject] = watched = new WatchedSubject(subject);
            }

            watched.Add(alarm);
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

    public Task LookAsync(WatchedSubject watched, CancellationToken cancellationToken) => watched.LookAsync(_tokens, _realm, cancellationToken);

    public override void Dispose()
    {
        _listening.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(PollAsync(stoppingToken), FollowAsync(stoppingToken));

    private async Task PollAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(_interval, _time);
        while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false))
        {
            await LookAsync(Watched(SubjectFilter.Any), stopping).ConfigureAwait(false);
        }
    }

    private async Task FollowAsync(CancellationToken stopping)
    {
        await foreach (WatchedSubject watched in _due.Reader.ReadAllAsync(stopping).ConfigureAwait(false))
        {
            await LookAsync([watched], stopping).ConfigureAwait(false);
        }
    }

    // On the thread of whoever made the change. Each user waits at most once, so the channel has its bound in the users that are watched.
    private void Mark(LocalChange change)
    {
        if (string.Equals(change.Realm, _realm, StringComparison.Ordinal))
        {
            foreach (WatchedSubject watched in Watched(change.Owner).Where(watched => watched.TryMarkDue()))
            {
                _due.Writer.TryWrite(watched);
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

    private Task LookAsync(WatchedSubject[] subjects, CancellationToken stopping) => Parallel.ForEachAsync(
        subjects,
        new ParallelOptions { MaxDegreeOfParallelism = LooksAtOnce, CancellationToken = stopping },
        async (watched, cancellation) =>
        {
            try
            {
                await LookAsync(watched, cancellation).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // A look that failed, for whatever reason, must not be the last one.
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellation.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Log.WatchFailed(_logger, exception, _realm);
            }
        });
}
