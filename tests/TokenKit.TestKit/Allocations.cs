namespace TokenKit.TestKit;

/// <summary>Measures what work leaves to the garbage collector.</summary>
public static class Allocations
{
    private const int Rounds = 10;

    /// <summary>The bytes that this thread allocates for some work: the least of several rounds, the first of which warms up.</summary>
    /// <remarks>
    /// Work that allocates does so in every round. A round may count more: when other threads cause a collection, the runtime can count the
    /// unused rest of this thread's allocation area, some thousand bytes, as allocated.
    /// </remarks>
    public static long LeastOf(Action work)
    {
        long least = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
