using System.Collections.Concurrent;
using System.Diagnostics;

namespace TokenKit.LoadBenchmarks.Driving;

/// <summary>What came of requests that were sent at a fixed rate.</summary>
/// <param name="Milliseconds">How long each took, from the moment it was due: one that had to wait for a connection has waited.</param>
/// <param name="Statuses">How many answers had which status; 0 for a connection that broke.</param>
internal sealed record OpenLoopResult(double[] Milliseconds, IReadOnlyDictionary<int, int> Statuses)
{
    public int Count(int status) => Statuses.GetValueOrDefault(status);
}

/// <summary>Requests that come at a fixed rate, whether or not the server keeps up: as users come.</summary>
internal static class OpenLoop
{
    /// <summary>Sends each request once, at the rate.</summary>
    /// <param name="port">Where to.</param>
    /// <param name="requests">The requests.</param>
    /// <param name="perSecond">The rate.</param>
    /// <param name="connections">How many may be under way; further ones wait.</param>
    public static OpenLoopResult Run(int port, IReadOnlyList<byte[]> requests, int perSecond, int connections)
    {
        using var due = new BlockingCollection<(byte[] Request, long At)>();
        double[] times = new double[requests.Count];
        int done = -1;
        var statuses = new ConcurrentDictionary<int, int>();
        Thread[] threads = [.. Enumerable.Range(0, connections).Select(_ => new Thread(Serve))];
        Array.ForEach(threads, thread => thread.Start());

        long start = Stopwatch.GetTimestamp();
        for (int number = 0; number < requests.Count; number++)
        {
            long at = start + (number * Stopwatch.Frequency / perSecond);
            TimeSpan wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), at);
            if (wait > TimeSpan.Zero)
            {
                Thread.Sleep(wait);
            }

            due.Add((requests[number], at));
        }

        due.CompleteAdding();
        Array.ForEach(threads, thread => thread.Join());
        return new OpenLoopResult(times, statuses);

        void Serve()
        {
            HttpConnection? connection = new(port);
            foreach ((byte[] request, long at) in due.GetConsumingEnumerable())
            {
                int status = 0;
                try
                {
                    status = (connection ??= new HttpConnection(port)).Exchange(request);
                }
                catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException)
                {
                    connection?.Dispose();
                    connection = null;
                }

                times[Interlocked.Increment(ref done)] = Stopwatch.GetElapsedTime(at).TotalMilliseconds;
                statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
            }

            connection?.Dispose();
        }
    }
}
