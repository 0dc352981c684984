using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using TokenKit.Changes;
using TokenKit.Diagnostics;
using TokenKit.Stores;

namespace TokenKit.Verification;

/// <summary>
/// Reads rows for verification. What it hands out was read after the caller asked, whatever changes meanwhile; or it is younger than the
/// caller's realm allows, and no change of this process has overtaken it.
/// </summary>
internal sealed class TokenRows(ITokenStore store, RowCache cache, ChangeMarks marks, TimeProvider time, Metrics metrics)
{
    private readonly ConcurrentDictionary<Guid, RunningRead> _running = new();

    /// <summary>A row that is known and may be used, without any I/O; null when it has to be read.</summary>
    public RowSnapshot? Find(Guid id, TimeSpan maximumAge, in Moment now)
    {
        if (cache.Find(id) is not { } snapshot || !IsUsable(snapshot, maximumAge, now))
        {
            return null;
        }

        metrics.RowHit();
        return snapshot;
    }

    /// <summary>Whether a row may still be used that was read before.</summary>
    public bool IsUsable(RowSnapshot snapshot, TimeSpan maximumAge, in Moment now)
    {
        TimeSpan age = snapshot.SentAt.Until(now, time);
        if (age >= maximumAge || snapshot.IsOvertaken(marks))
        {
            return false;
        }

        metrics.RowServed(age);
        return true;
    }

    /// <summary>Reads a row now, or joins a read that began less than the maximum age ago.</summary>
    /// <param name="id">The id.</param>
    /// <param name="maximumAge">Zero to join none and keep nothing.</param>
    /// <param name="cancellationToken">Gives up waiting. A read that others may have joined is finished all the same.</param>
    /// <returns>What was found. A read that was sent for this caller is good for it: a change that is made meanwhile forbids others to use it.</returns>
    public ValueTask<RowSnapshot> ReadAsync(Guid id, TimeSpan maximumAge, CancellationToken cancellationToken) =>
        maximumAge > TimeSpan.Zero ? ReadForAllAsync(id, maximumAge, cancellationToken) : ReadForOneAsync(id, cancellationToken);

    private async ValueTask<RowSnapshot> ReadForOneAsync(Guid id, CancellationToken cancellationToken)
    {
        Question question = Ask(id);
        return question.AnsweredBy(await store.FindAsync(id, cancellationToken).ConfigureAwait(false));
    }

    private async ValueTask<RowSnapshot> ReadForAllAsync(Guid id, TimeSpan maximumAge, CancellationToken cancellationToken)
    {
        if (_running.TryGetValue(id, out RunningRead? other) && other.SentAt.Until(Moment.Now(time), time) < maximumAge)
        {
            RowSnapshot joined = await other.Snapshot.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (IsUsable(joined, maximumAge, Moment.Now(time)))
            {
                return joined;
            }
        }

        return await ReadForAll(id).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    // Nobody's cancellation ends it: others may have joined.
    private Task<RowSnapshot> ReadForAll(Guid id)
    {
        var sentAt = Moment.Now(time);
        Task<RowSnapshot> read = ReadAndKeepAsync(id);
        if (!read.IsCompleted)
        {
            var running = new RunningRead(sentAt, read);
            _running[id] = running;
            _ = read.ContinueWith(
                ended =>
                {
                    _running.TryRemove(KeyValuePair.Create(id, running));

                    // Whoever waits is told of a failure; when all have given up, nobody misses it.
                    _ = ended.Exception;
                },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }

        return read;
    }

    private async Task<RowSnapshot> ReadAndKeepAsync(Guid id)
    {
        Question question = Ask(id);
        StoredToken? row = await store.FindAsync(id, CancellationToken.None).ConfigureAwait(false);

        // What verification never looks at need not be held.
        RowSnapshot snapshot = question.AnsweredBy(row is null ? null : row with { Secret = row.Secret with { RecoverableCopy = null }, NameKey = null });
        if (!snapshot.IsOvertaken(marks))
        {
            cache.Keep(snapshot);
        }

        return snapshot;
    }

    // In this order, and before the read is sent: what happens from here on is after the mark and adds to the age.
    private Question Ask(Guid id) => new(id, marks.Current, Moment.Now(time));

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Question(Guid Id, long Mark, Moment AskedAt)
    {
        public RowSnapshot AnsweredBy(StoredToken? row) => new(Id, row, AskedAt, Mark);
    }

    private sealed record RunningRead(Moment SentAt, Task<RowSnapshot> Snapshot);
}
