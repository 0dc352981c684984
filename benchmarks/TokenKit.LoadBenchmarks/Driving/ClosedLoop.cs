using System.Diagnostics;

namespace TokenKit.LoadBenchmarks.Driving;

/// <summary>Some connections to one contender. On each the next request follows the answer, so the server is never idle.</summary>
internal sealed class ClosedLoop : IDisposable
{
    private readonly Contender _contender;
    private readonly HttpConnection[] _connections;
    private readonly byte[][] _requests;

    public ClosedLoop(Contender contender, int connections)
    {
        _contender = contender;
        _connections = [.. Enumerable.Range(0, connections).Select(_ => new HttpConnection(contender.Port))];
        _requests = HttpConnection.Requests(contender);
    }

    /// <summary>Sends a number of requests.</summary>
    /// <returns>How long each took, in milliseconds.</returns>
    /// <exception cref="InvalidOperationException">An answer has another status than it must have.</exception>
    public double[] Run(int count)
    {
        double[][] times = [.. _connections.Select(_ => new double[Math.Max(1, count / _connections.Length)])];
        Drive((lane, turn) => turn < times[lane].Length, (lane, turn, milliseconds) => times[lane][turn] = milliseconds);
        return [.. times.SelectMany(lane => lane)];
    }

    /// <summary>Sends requests until it is told to stop.</summary>
    /// <returns>How many.</returns>
    public long RunUntil(CancellationToken stop)
    {
        long sent = 0;
        Drive((_, _) => !stop.IsCancellationRequested, (_, _, _) => Interlocked.Increment(ref sent));
        return sent;
    }

    public void Dispose()
    {
        foreach (HttpConnection connection in _connections)
        {
            connection.Dispose();
        }
    }

    private void Drive(Func<int, int, bool> goOn, Action<int, int, double> answered)
    {
        string? failure = null;
        Thread[] threads = [.. _connections.Select((connection, lane) => new Thread(() =>
        {
            try
            {
                for (int turn = 0; failure is null && goOn(lane, turn); turn++)
                {
                    long start = Stopwatch.GetTimestamp();
                    int status = connection.Exchange(_requests[(lane + turn) % _requests.Length]);
                    answered(lane, turn, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                    if (status != _contender.Status)
                    {
                        failure = $"{_contender.Name} answered {status} instead of {_contender.Status}.";
                    }
                }
            }
            catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException)
            {
                failure = $"{_contender.Name}: {exception.Message}";
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        if (failure is not null)
        {
            throw new InvalidOperationException(failure);
        }
    }
}
