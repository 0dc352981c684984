using System.Security.Cryptography;

namespace TokenKit.Dapper.Execution;

/// <summary>How often, how long and after which pause <see cref="SqlDatabase"/> and <see cref="Lookups"/> try again.</summary>
internal static class Retry
{
    /// <summary>How often it is tried, the first time included.</summary>
    public const int Attempts = 5;

    private const int FirstPauseMilliseconds = 30;

    /// <summary>
    /// How long after the first attempt another one may open a connection in place of one that could not be opened. A driver may spend its whole
    /// connect time-out on each attempt. What fails on a connection has longer: see <see cref="SqlSession.Longest"/>.
    /// </summary>
    public static TimeSpan LongestToOpen { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Waits between two attempts: each time twice as long, and never as long as another who failed at the same moment.</summary>
    public static Task PauseAsync(int attempt, CancellationToken cancellationToken)
    {
        int longest = FirstPauseMilliseconds << attempt;
        return Task.Delay(RandomNumberGenerator.GetInt32(longest / 2, longest), cancellationToken);
    }
}
