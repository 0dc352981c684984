using System.Security.Cryptography;

namespace TokenKit.Dapper.Execution;

/// <summary>How often and how soon what failed for a passing reason is done again: in all within a second, so that callers hear in time.</summary>
internal static class Retry
{
    /// <summary>How often it is tried, the first time included.</summary>
    public const int Attempts = 5;

    private const int FirstPauseMilliseconds = 30;

    /// <summary>Waits between an attempt that failed and the next: each time twice as long, and never as long as another who failed at the same moment.</summary>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static Task PauseAsync(int attempt, CancellationToken cancellationToken)
    {
        int longest = FirstPauseMilliseconds << attempt;
        return Task.Delay(RandomNumberGenerator.GetInt32(longest / 2, longest), cancellationToken);
    }
}
