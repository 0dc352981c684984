namespace TokenKit.AspNetCore.TokenApis.Canvus.Streams;

/// <summary>A user whose tokens some streams have to know: because they show them, or because their caller's token is among them.</summary>
internal sealed class WatchedSubject(string subject)
{
    private readonly Lock _looking = new();
    private readonly Dictionary<StreamAlarm, Guid[]> _alarms = [];
    private volatile SubjectTokens _latest = SubjectTokens.None;
    private Task _look = Task.CompletedTask;
    private Task? _nextLook;
    private int _isDue;

    public string Subject { get; } = subject;

    /// <summary>What the last look found. It only ever becomes newer, since one look begins when the one before has ended.</summary>
    public SubjectTokens Latest => _latest;

    /// <summary>Adds a stream.</summary>
    /// <param name="alarm">Wakes it.</param>
    /// <param name="inFull">A token that it needs in full; null for none.</param>
    public void Add(StreamAlarm alarm, Guid? inFull)
    {
        lock (_alarms)
        {
            Guid[] others = _alarms.GetValueOrDefault(alarm, []);
            _alarms[alarm] = inFull is { } id ? [.. others, id] : others;
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

    /// <summary>Looks at the store, and wakes the streams when something is other than before. The look begins after the call.</summary>
    /// <param name="read">Reads the tokens, these in full.</param>
    /// <returns>The look. All who ask before it begins share it: one that has begun may have passed by what they want to see.</returns>
    public Task LookAsync(Func<IReadOnlySet<Guid>, Task<SubjectTokens>> read)
    {
        lock (_looking)
        {
            return _nextLook ??= LookAfterAsync(_look, read);
        }
    }

    private async Task LookAfterAsync(Task look, Func<IReadOnlySet<Guid>, Task<SubjectTokens>> read)
    {
        await look.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        lock (_looking)
        {
            _look = _nextLook!;
            _nextLook = null;
        }

        // What is said from here on may come too late for this look.
        Interlocked.Exchange(ref _isDue, 0);
        HashSet<Guid> inFull = NeededInFull();
        SubjectTokens found = await read(inFull).ConfigureAwait(false);
        bool isOther = !found.IsSameAs(_latest);
        if (isOther || !_latest.HasInFull(inFull))
        {
            _latest = found;
        }

        if (isOther)
        {
            Wake();
        }
    }

    private HashSet<Guid> NeededInFull()
    {
        lock (_alarms)
        {
            return [.. _alarms.Values.SelectMany(static ids => ids)];
        }
    }

    private void Wake()
    {
        lock (_alarms)
        {
            foreach (StreamAlarm alarm in _alarms.Keys)
            {
                alarm.Ring(WakeReason.Change);
            }
        }
    }
}
