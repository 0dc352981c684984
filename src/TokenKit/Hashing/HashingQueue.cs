using System.Diagnostics.CodeAnalysis;

namespace TokenKit.Hashing;

/// <summary>
/// Those who wait for a hash. Lanes take turns, and within a lane it goes by arrival. Open ones, which anybody may have caused, get every
/// second turn at most while others wait. Not safe for use by many threads.
/// </summary>
internal sealed class HashingQueue(int limit)
{
    private readonly Rotation _shown = new();
    private readonly Rotation _open = new();
    private bool _lastWasOpen;

    public int Count => _shown.Count + _open.Count;

    /// <summary>
    /// Lets one wait, unless its lane has as many places already as are free: however many lanes fill up, there is room for another. Open ones
    /// have half of the places at most.
    /// </summary>
    public bool TryEnqueue(HashingLane lane, TaskCompletionSource waiter)
    {
        Rotation rotation = lane.IsOpen ? _open : _shown;
        if (rotation.CountOf(lane) >= limit - Count || (lane.IsOpen && _open.Count >= Math.Max(1, limit / 2)))
        {
            return false;
        }

        rotation.Enqueue(lane, waiter);
        return true;
    }

    public bool TryDequeue([NotNullWhen(true)] out TaskCompletionSource? waiter)
    {
        bool isOpen = _open.Count > 0 && (_shown.Count == 0 || !_lastWasOpen);
        _lastWasOpen = isOpen;
        return (isOpen ? _open : _shown).TryDequeue(out waiter);
    }

    private sealed class Rotation
    {
        private readonly Dictionary<HashingLane, Queue<TaskCompletionSource>> _lanes = [];
        private readonly Queue<HashingLane> _turns = new();

        public int Count { get; private set; }

        public int CountOf(HashingLane lane) => _lanes.TryGetValue(lane, out Queue<TaskCompletionSource>? waiters) ? waiters.Count : 0;

        public void Enqueue(HashingLane lane, TaskCompletionSource waiter)
        {
            if (!_lanes.TryGetValue(lane, out Queue<TaskCompletionSource>? waiters))
            {
                waiters = _lanes[lane] = new();
                _turns.Enqueue(lane);
            }

            waiters.Enqueue(waiter);
            Count++;
        }

        public bool TryDequeue([NotNullWhen(true)] out TaskCompletionSource? waiter)
        {
            if (!_turns.TryDequeue(out HashingLane lane))
            {
                waiter = null;
                return false;
            }

            Queue<TaskCompletionSource> waiters = _lanes[lane];
            waiter = waiters.Dequeue();
            Count--;
            if (waiters.Count == 0)
            {
                _lanes.Remove(lane);
            }
            else
            {
                _turns.Enqueue(lane);
            }

            return true;
        }
    }
}
