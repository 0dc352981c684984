namespace TokenKit.Hashing.Argon2;

/// <summary>Fills the memory of one hash, pass by pass and slice by slice, with the lanes of a slice on several threads where there are any (RFC 9106 §3.4).</summary>
/// <remarks>
/// The calling thread opens a slice, asks the thread pool for help and then takes lanes itself until none is left.
/// It only ever waits for lanes that another thread is working on, so a thread pool without a free thread makes it slower but cannot stop it.
/// Help that comes late finds no lane open, even after the hash is done, and so never touches memory that was given back.
/// </remarks>
internal sealed class MemoryFilling : IThreadPoolWorkItem
{
    private readonly BlockMixing _mixing;
    private readonly Argon2Memory _memory;
    private readonly MemoryLayout _layout;
    private readonly CancellationToken _cancellationToken;
    private readonly int _helpers;
    private readonly object _sliceDone = new(); // for Monitor.Wait, which a Lock does not have

    // Segments are numbered through the whole hash: (pass, slice, lane). Those below _open may be taken, _taken and _done count up to it.
    private long _open;
    private long _taken;
    private long _done;

    public MemoryFilling(BlockMixing mixing, Argon2Memory memory, MemoryLayout layout, CancellationToken cancellationToken)
    {
        _mixing = mixing;
        _memory = memory;
        _layout = layout;
        _cancellationToken = cancellationToken;
        _helpers = Math.Min(layout.Lanes, Environment.ProcessorCount) - 1;
    }

    /// <summary>Fills the memory, whose first two blocks of each lane are there already.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled. No thread uses the memory any more.</exception>
    public void Run()
    {
        long slices = (long)_layout.Passes * MemoryLayout.Slices;
        for (long slice = 0L; slice < slices; slice++)
        {
            _cancellationToken.ThrowIfCancellationRequested();

            Volatile.Write(ref _open, (slice + 1) * _layout.Lanes);
            for (int i = 0; i < _helpers; i++)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }

            TakeLanes();
            WaitForHelpers();
        }

        _cancellationToken.ThrowIfCancellationRequested();
    }

    void IThreadPoolWorkItem.Execute() => TakeLanes();

    private void TakeLanes()
    {
        while (TryTake(out long number))
        {
            // A cancelled hash still counts its lanes, so that the end of each slice is found in the same way.
            if (!_cancellationToken.IsCancellationRequested)
            {
                SegmentFilling.Fill(_mixing, _memory.Blocks(_layout.Blocks), _layout, SegmentAt(number));
            }

            CountDone();
        }
    }

    private bool TryTake(out long number)
    {
        while (true)
        {
            number = Volatile.Read(ref _taken);
            if (number >= Volatile.Read(ref _open))
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _taken, number + 1, number) == number)
            {
                return true;
            }
        }
    }

    private Segment SegmentAt(long number)
    {
        (long slice, long lane) = Math.DivRem(number, _layout.Lanes);
        return new Segment((int)(slice / MemoryLayout.Slices), (int)(slice % MemoryLayout.Slices), (int)lane);
    }

    private void CountDone()
    {
        if (Interlocked.Increment(ref _done) == Volatile.Read(ref _open))
        {
            lock (_sliceDone)
            {
                Monitor.Pulse(_sliceDone);
            }
        }
    }

    private void WaitForHelpers()
    {
        // Lanes take equally long, so the others are nearly done: look a few times before going to sleep.
        var spin = new SpinWait();
        while (Volatile.Read(ref _done) < _open && !spin.NextSpinWillYield)
        {
            spin.SpinOnce();
        }

        lock (_sliceDone)
        {
            while (Volatile.Read(ref _done) < _open)
            {
                Monitor.Wait(_sliceDone);
            }
        }
    }
}
