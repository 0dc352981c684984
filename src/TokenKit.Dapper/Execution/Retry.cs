using System.Data.Common;
using System.Net.Sockets;
using System.Security.Cryptography;
using TokenKit.Dapper.Dialects;

namespace TokenKit.Dapper.Execution;

/// <summary>Does again what failed for a passing reason, a bounded number of times and in all within a second, so that callers hear in time.</summary>
internal static class Retry
{
    /// <summary>How often it is tried, the first time included.</summary>
    private const int Attempts = 5;

    private const int FirstPauseMilliseconds = 30;

    /// <summary>
    /// Runs work that is harmless to repeat, all of it each time. A database that fails is a <see cref="TokenStoreException"/> that says what it
    /// was asked to do.
    /// </summary>
    public static async Task<T> RunAsync<T>(SqlDialect dialect, string what, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                return await work().ConfigureAwait(false);
            }
            catch (Exception exception) when (IsFailureOfTheDatabase(exception))
            {
                ThrowUnlessPassing(exception, attempt, dialect, what, cancellationToken);
            }

            await PauseAsync(attempt, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the attempts, unless what failed may pass and has not been tried often enough.</summary>
    /// <exception cref="TokenStoreException">The database failed, for good or too often.</exception>
    /// <exception cref="OperationCanceledException">Whoever waited has given up.</exception>
    public static void ThrowUnlessPassing(Exception exception, int attempt, SqlDialect dialect, string what, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            // Some drivers report it as an error of the database.
            throw new OperationCanceledException($"The token store was told to give up: {what}.", exception, cancellationToken);
        }

        if (attempt == Attempts || !dialect.IsTransient(exception))
        {
            throw new TokenStoreException($"The token store could not {what}: {dialect.Explain(exception)}.", exception);
        }
    }

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
