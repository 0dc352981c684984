namespace TokenKit.StoreConformance;

/// <summary>Does work at one moment on several threads.</summary>
internal static class Together
{
    /// <summary>How many threads most cases use.</summary>
    public const int Writers = 8;

    /// <summary>Runs the work on that many threads of their own, which begin together. Threads of the pool would wait for each other.</summary>
    public static async Task<T[]> RunAsync<T>(int count, Func<int, Task<T>> work)
    {
        using Barrier start = new(count);
        return await Task.WhenAll(Enumerable.Range(0, count).Select(index => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return work(index);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));
    }
}
