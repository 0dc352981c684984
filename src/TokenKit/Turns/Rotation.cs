using System.Diagnostics.CodeAnalysis;

namespace TokenKit.Turns;

/// <summary>Lines that take turns. Not safe for use by many threads.</summary>
internal sealed class Rotation<TKey, TLine>
    where TKey : notnull
    where TLine : class, new()
{
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TLine Line)>> _lines = [];
    private readonly LinkedList<(TKey Key, TLine Line)> _turns = new();

    public TLine? Find(TKey key) => _lines.TryGetValue(key, out LinkedListNode<(TKey Key, TLine Line)>? node) ? node.Value.Line : null;

    /// <summary>The line of a key. A new one has its turn after all others.</summary>
    public TLine FindOrAdd(TKey key)
    {
        if (Find(key) is { } known)
        {
            return known;
        }

        TLine line = new();
        _lines.Add(key, _turns.AddLast((key, line)));
        return line;
    }

    /// <summary>The line whose turn it is. It has its next turn after all others.</summary>
    public bool TryTurn([NotNullWhen(true)] out TLine? line)
    {
        if (_turns.First is not { } next)
        {
            line = null;
            return false;
        }

        _turns.RemoveFirst();
        _turns.AddLast(next);
        line = next.Value.Line;
        return true;
    }

    public void Remove(TKey key)
    {
        _lines.Remove(key, out LinkedListNode<(TKey Key, TLine Line)>? node);
        _turns.Remove(node!);
    }
}
