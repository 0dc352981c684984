namespace TokenKit.AspNetCore.TokenApis.Canvus.Streams;

/// <summary>A user whose tokens some streams have to know: because they show them, or because their caller's token is among them.</summary>
#pragma warning disable CA1001 // A semaphore whose wait handle nobody asks for has nothing to dispose of.
internal sealed class WatchedSubject(string subject)
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly HashSet<StreamAlarm> _alarms = [];
    private volatile SubjectTokens _latest = SubjectTokens.None;
    private int _isDue;

    public string Subject { get; } = subject;

    /// <summary>What the last look found. It only ever becomes newer, since looks take turns.</summary>
    public SubjectTokens Latest => _latest;

    public void Add(StreamAlarm alarm)
    {
        lock (_alarms)
        {
            _alarms.Add(alarm);
        }
    }

    /// <returns>Whether nobody is left to be woken.</returns>
    public bool Remove(StreamAlarm alarm)
    {
        lock (_alarms)
        {
            _alarms.Remove(alarm);
            return _alarms.Count == 0;
        }
    }

    /// <summary>Says that it is time for a look.</summary>
    /// <returns>Whether that was not said before.</returns>
    public bool TryMarkDue() => Interlocked.Exchange(ref _isDue, 1) == 0;

    /// <summary>Looks at the store, and wakes the streams when something is other than before.</summary>
    public async Task LookAsync(ApiTokens tokens, string realm, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // What is said from here on may come too late for this look.
            Interlocked.Exchange(ref _isDue, 0);
            SubjectTokens found = await SubjectTokens.ReadAsync(tokens, realm, Subject, cancellationToken).ConfigureAwait(false);
            if (!found.IsSameAs(_latest))
            {
                _latest = found;
                Wake();
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Wake()
    {
        lock (_alarms)
        {
            foreach (StreamAlarm alarm in _alarms)
            {
                alarm.Ring(WakeReason.Change);
            }
        }
    }
}
