using System.Net.Sockets;

namespace TokenKit.Dapper.Dialects;

/// <summary>What lies beneath the exception of a driver that talks to a server.</summary>
internal static class Cause
{
    public static bool IsTimeout(Exception exception) => Chain(exception).Any(cause => cause is TimeoutException);

    public static bool IsLostConnection(Exception exception) => Chain(exception).Any(cause => cause is SocketException or IOException);

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }
}
