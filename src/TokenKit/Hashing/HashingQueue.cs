using System.Diagnostics.CodeAnalysis;

namespace TokenKit.Hashing;

/// <summary>
/// Those who wait for a hash. Lanes take turns, and within a lane it goes by arrival. Unproven ones, which anybody may have
/// caused, get every second turn at most while others wait. Not safe for use by many threads.
/// </summary>
internal sealed class HashingQueue(int limit)
{
    private readonly Rotation _proven = new();
    private readonly Rotation _unproven = new();
    private bool _lastWasUnproven;

    public int Count => _proven.Count + _unproven.Count;

    /// <summary>
    /// Lets one wait, unless its lane has as many places already as are free: however many lanes fill up, there is room for another. Unproven
    /// ones have half of the places at most.
    /// </summary>
    public bool TryEnqueue(HashingLane lane, TaskCompletionSource waiter)
    {
        Rotation rotation = lane.IsUnproven ? _unproven : _proven;
        if (rotation.CountOf(lane) >= limit - Count || (lane.IsUnproven && _unproven.Count >= Math.Max(1, limit / 2)))
        {
            return false;
        }

        rotation.Enqueue(lane, waiter);
        return true;
    }

    public bool TryDequeue([NotNullWhen(true)] out TaskCompletionSource? waiter)
    {
        bool isUnproven = _unproven.Count > 0 && (_proven.Count == 0 || !_lastWasUnproven);
        _lastWasUnproven = isUnproven;
        return (isUnproven ? _unproven : _proven).TryDequeue(out waiter);
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
