namespace TokenKit.Hashing.Argon2;

/// <summary>Lends areas of memory to hashes: never more than its permits at a time, each wiped when it comes back, and freed when it was idle for long.</summary>
/// <remarks>
/// An area keeps its pages between hashes: getting fresh ones from the system can cost as much as the hash itself.
/// Renting blocks the thread while all areas are lent, so whoever shares a pool among many callers queues them before they come here.
/// </remarks>
internal sealed class Argon2MemoryPool : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Argon2Memory> _idle = []; // the longest idle first
#pragma warning disable CA2213 // hashes that outlive the pool still release it, and it holds nothing that has to be freed
    private readonly SemaphoreSlim _permits;
#pragma warning restore CA2213
    private readonly TimeSpan _idleTime;
    private readonly int _largestKept;
    private readonly TimeProvider _timeProvider;
    private readonly ITimer _timer;
    private bool _isTimerSet;
    private bool _isDisposed;

    /// <summary>Creates an empty pool.</summary>
    /// <param name="maximumAreas">How many areas may be lent at a time, and so how many exist at most.</param>
    /// <param name="idleTime">How long an area is kept unused; it is freed at most one such time later.</param>
    /// <param name="timeProvider">Where time comes from.</param>
    /// <param name="largestKept">How many blocks an area may have to be kept; a larger one is freed when it comes back.</param>
    public Argon2MemoryPool(int maximumAreas, TimeSpan idleTime, TimeProvider timeProvider, int largestKept = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumAreas, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(idleTime, TimeSpan.Zero);

        _permits = new SemaphoreSlim(maximumAreas, maximumAreas);
        _idleTime = idleTime;
        _largestKept = largestKept;
        _timeProvider = timeProvider;
        _timer = timeProvider.CreateTimer(static pool => ((Argon2MemoryPool)pool!).FreeIdle(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many areas are kept and not lent.</summary>
    public int IdleAreas
    {
        get
        {
            lock (_lock)
            {
                return _idle.Count;
            }
        }
    }

    /// <summary>Lends an area of at least so many blocks; waits for one while all are lent.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled while waiting.</exception>
    /// <exception cref="OutOfMemoryException">The system has no such area.</exception>
    public Argon2Memory Rent(int blocks, CancellationToken cancellationToken)
    {
        _permits.Wait(cancellationToken);
        try
        {
            return TakeIdle(blocks) ?? new Argon2Memory(blocks);
        }
        catch
        {
            _permits.Release();
            throw;
        }
    }

    /// <summary>Wipes the blocks that were used and takes the area back.</summary>
    public void Return(Argon2Memory memory, int usedBlocks)
    {
        memory.Blocks(usedBlocks).Clear();
        lock (_lock)
        {
            if (_isDisposed || memory.Capacity > _largestKept)
            {
                memory.Dispose();
            }
            else
            {
                memory.IdleSince = _timeProvider.GetTimestamp();
                _idle.Add(memory);
                SetTimer();
            }
        }

        _permits.Release();
    }

    /// <summary>Frees the idle areas now, and those that are lent as they come back.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            FreeFirst(_idle.Count);
        }

        _timer.Dispose();
    }

    /// <summary>Takes the area that was used last: its pages are the likeliest to be in the cache, and the others can grow old.</summary>
    private Argon2Memory? TakeIdle(int blocks)
    {
        lock (_lock)
        {
            for (int i = _idle.Count - 1; i >= 0; i--)
            {
                Argon2Memory memory = _idle[i];
                if (memory.Capacity >= blocks)
                {
                    _idle.RemoveAt(i);
                    return memory;
                }
            }

            // All are too small. One makes room for the area that comes now, or there could be more areas than permits.
            FreeFirst(Math.Min(1, _idle.Count));
            return null;
        }
    }

    private void FreeIdle()
    {
        lock (_lock)
        {
            _isTimerSet = false;
            FreeFirst(_idle.TakeWhile(memory => _timeProvider.GetElapsedTime(memory.IdleSince) >= _idleTime).Count());
            SetTimer();
        }
    }

    private void FreeFirst(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _idle[i].Dispose();
        }

        _idle.RemoveRange(0, count);
    }

    private void SetTimer()
    {
        if (!_isTimerSet && _idle.Count > 0)
        {
            _isTimerSet = true;
            _timer.Change(_idleTime, Timeout.InfiniteTimeSpan);
        }
    }
}
