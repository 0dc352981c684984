using System.Diagnostics.CodeAnalysis;

namespace TokenKit.Turns;

/// <summary>
/// Those who wait for their turn. In each lane subjects take turns, then the tokens of a subject, and for one token it goes by arrival. Not
/// safe for use by many threads.
/// </summary>
/// <param name="limit">How many may wait.</param>
/// <param name="secondLimit">How many of them may wait in the second lane.</param>
/// <param name="firstInARow">How many of the first lane come in a row at most while somebody waits in the second.</param>
internal sealed class TurnQueue(int limit, int secondLimit, int firstInARow)
{
    private readonly Line _first = new();
    private readonly Line _second = new();
    private int _inARow;

    public int Count => _first.Count + _second.Count;

    /// <summary>
    /// Lets one wait, unless its subject has as many places already as are free. So one subject gets half of the places, the next half of the
    /// rest, and it takes about ten to fill a thousand. The tokens of a subject share its places in the same way.
    /// </summary>
    public bool TryAdd(Turn turn)
    {
        Line line = LineOf(turn.Lane);
        int free = turn.Lane == TurnLane.Second ? Math.Min(limit - Count, secondLimit - _second.Count) : limit - Count;
        (int ofSubject, int ofToken) = line.CountOf(turn.Owner);
        if (ofSubject >= free || ofToken >= free - ofSubject)
        {
            return false;
        }

        line.Add(turn);
        return true;
    }

    public bool TryTake([NotNullWhen(true)] out Turn? turn)
    {
        bool isSecond = _second.Count > 0 && (_first.Count == 0 || _inARow >= firstInARow);
        if (!(isSecond ? _second : _first).TryTake(out turn))
        {
            return false;
        }

        _inARow = isSecond ? 0 : _inARow + 1;
        return true;
    }

    /// <summary>Takes one away that waits no longer.</summary>
    /// <returns>False when it has had its turn.</returns>
    public bool Remove(Turn turn) => LineOf(turn.Lane).Remove(turn);

    private Line LineOf(TurnLane lane) => lane == TurnLane.First ? _first : _second;

    private sealed class Line
    {
        private readonly Rotation<(string Realm, string Subject), Tokens> _subjects = new();

        public int Count { get; private set; }

        public (int OfSubject, int OfToken) CountOf(in TurnOwner owner) =>
            _subjects.Find((owner.Realm, owner.Subject)) is { } tokens ? (tokens.Count, tokens.Lines.Find(owner.Token)?.Count ?? 0) : (0, 0);

        public void Add(Turn turn)
        {
            Tokens tokens = _subjects.FindOrAdd((turn.Owner.Realm, turn.Owner.Subject));
            tokens.Lines.FindOrAdd(turn.Owner.Token).AddLast(turn.Place);
            tokens.Count++;
            Count++;
        }

        public bool TryTake([NotNullWhen(true)] out Turn? turn)
        {
            turn = _subjects.TryTurn(out Tokens? tokens) && tokens.Lines.TryTurn(out LinkedList<Turn>? line) ? line.First!.Value : null;
            return turn is not null && Remove(turn);
        }

        public bool Remove(Turn turn)
        {
            if (turn.Place.List is not { } line)
            {
                return false;
            }

            (string Realm, string Subject) subject = (turn.Owner.Realm, turn.Owner.Subject);
            Tokens tokens = _subjects.Find(subject)!;
            line.Remove(turn.Place);
            if (line.Count == 0)
            {
                tokens.Lines.Remove(turn.Owner.Token);
            }

            if (--tokens.Count == 0)
            {
                _subjects.Remove(subject);
            }

            Count--;
            return true;
        }
    }

    /// <summary>The lines of a subject's tokens.</summary>
    private sealed class Tokens
    {
        public int Count { get; set; }

        public Rotation<Guid, LinkedList<Turn>> Lines { get; } = new();
    }
}
