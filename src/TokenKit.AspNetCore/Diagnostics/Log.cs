using Microsoft.Extensions.Logging;

namespace TokenKit.AspNetCore.Diagnostics;

/// <summary>What TokenKit.AspNetCore logs: schemes and outcomes, never a credential. Ids 1000–1099 authentication, 1100–1199 endpoint sets.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Debug, "Scheme {Scheme}: the request carries a malformed credential.")]
    public static partial void MalformedCredential(ILogger logger, string scheme);

    [LoggerMessage(1001, LogLevel.Debug, "Scheme {Scheme}: the request carries more than one credential.")]
    public static partial void SeveralCredentials(ILogger logger, string scheme);

    [LoggerMessage(1002, LogLevel.Warning, "Scheme {Scheme}: a request is answered 503, because its credential cannot be verified at the moment.")]
    public static partial void AnsweredUnavailable(ILogger logger, string scheme);

    [LoggerMessage(1003, LogLevel.Debug, "Scheme {Scheme}: a request with a valid token is forbidden. Its user has lost the identity of the token, to a claims transformation perhaps.")]
    public static partial void IdentityDropped(ILogger logger, string scheme);

    [LoggerMessage(1100, LogLevel.Error, "Endpoint set {Name}: a request is answered as unavailable, because the store failed.")]
    public static partial void StoreFailed(ILogger logger, Exception exception, string name);

    [LoggerMessage(1101, LogLevel.Error, "Endpoint set {Name}: an operation failed.")]
    public static partial void OperationFailed(ILogger logger, Exception exception, string name);

    [LoggerMessage(1102, LogLevel.Debug, "Endpoint set {Name}: a stream was dropped, because its reader has gone or is too slow.")]
    public static partial void StreamDropped(ILogger logger, string name);

    [LoggerMessage(1103, LogLevel.Error, "Endpoint set {Name}: the tokens that streams show could not be read; it is tried again.")]
    public static partial void WatchFailed(ILogger logger, Exception exception, string name);

    [LoggerMessage(1104, LogLevel.Debug, "Endpoint set {Name}: a list was broken off, because its rest could not be read or its caller may not see it.")]
    public static partial void ListBrokenOff(ILogger logger, string name);
}
