using System.Diagnostics.CodeAnalysis;

namespace TokenKit.Turns;

/// <summary>Lets in a bounded number at a time. The others wait for their turn, and where too many wait they are turned away at once.</summary>
/// <param name="permits">How many are inside at most.</param>
/// <param name="queue">Those who wait.</param>
internal sealed class Turnstile(int permits, TurnQueue queue)
{
    private readonly Lock _lock = new();
    private CancellationToken? _closed;
    private int _inside;

    /// <summary>How many are inside, and how many wait.</summary>
    public (int Inside, int Waiting) Load
    {
        get
        {
            lock (_lock)
            {
                return (_inside, queue.Count);
            }
        }
    }

    /// <summary>Enters where a permit is free.</summary>
    public bool TryEnterAtOnce()
    {
        // A permit becomes free only where the queue is empty: otherwise it is passed on.
        lock (_lock)
        {
            if (_inside == permits || _closed is not null)
            {
                return false;
            }

            _inside++;
            return true;
        }
    }

    /// <summary>Enters, or waits for a turn. A caller whose turn has come calls <see cref="Leave"/> in the end.</summary>
    /// <returns>False when too many wait.</returns>
    public bool TryEnter(TurnOwner owner, TurnLane lane, [NotNullWhen(true)] out Turn? turn)
    {
        lock (_lock)
        {
            if (TryEnterAtOnce())
            {
                turn = Turn.Now(owner, lane);
                return true;
            }

            turn = Turn.Later(owner, lane);
            if (_closed is { } closed)
            {
                turn.Cancel(closed);
                return true;
            }

            if (queue.TryAdd(turn))
            {
                return true;
            }

            turn = null;
            return false;
        }
    }

    /// <summary>Gives up a turn that somebody waited for.</summary>
    public void GiveUp(Turn turn)
    {
        bool hasCome;
        lock (_lock)
        {
            hasCome = !queue.Remove(turn) && !turn.Come.IsCanceled;
        }

        if (hasCome)
        {
            Leave();
        }
    }

    /// <summary>Leaves, and lets the next one in.</summary>
    public void Leave()
    {
        Turn? next;
        lock (_lock)
        {
            if (!queue.TryTake(out next))
            {
                _inside--;
            }
        }

        next?.Call();
    }

    /// <summary>Ends all turns: those that wait are cancelled, and so are those that come.</summary>
    public void Close(CancellationToken cancelled)
    {
        lock (_lock)
        {
            _closed = cancelled;
            while (queue.TryTake(out Turn? turn))
            {
                turn.Cancel(cancelled);
            }
        }
    }
}
