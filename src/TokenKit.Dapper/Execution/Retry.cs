using System.Data.Common;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace TokenKit.Dapper.Execution;

/// <summary>How often and after which pause <see cref="SqlDatabase"/> and <see cref="Lookups"/> try again: in all within a second, so that callers hear in time.</summary>
internal static class Retry
{
    /// <summary>How often it is tried, the first time included.</summary>
    public const int Attempts = 5;

    private const int FirstPauseMilliseconds = 30;

    /// <summary>Whether an exception says that the database did not do its work, and not that this library has a bug.</summary>
    public static bool IsFailureOfTheDatabase(Exception exception) => exception
        is DbException
        or InvalidOperationException // a pool that is exhausted, a connection that was closed
        or TimeoutException
        or IOException
        or SocketException // the name of a server that cannot be resolved, in Npgsql before version 10
        or InvalidCastException or ArgumentOutOfRangeException; // a row that the library did not write

    /// <summary>Waits between two attempts: each time twice as long, and never as long as another who failed at the same moment.</summary>
    public static Task PauseAsync(int attempt, CancellationToken cancellationToken)
    {
        int longest = FirstPauseMilliseconds << attempt;
        return Task.Delay(RandomNumberGenerator.GetInt32(longest / 2, longest), cancellationToken);
    }
}
