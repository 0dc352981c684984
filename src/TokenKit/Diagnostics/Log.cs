using Microsoft.Extensions.Logging;

namespace TokenKit.Diagnostics;

/// <summary>What TokenKit logs: ids, realms and reasons, never a plaintext, secret or hash. Ids 1–99 start-up, 100–199 verification, 200–299 changes, 300–399 usage.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "TokenKit serves the realms {Realms}; at most {Permits} hashes at once, {Queue} waiting.")]
    public static partial void Started(ILogger logger, string realms, int permits, int queue);

    [LoggerMessage(2, LogLevel.Information, "Hashing takes at most {Mebibytes} MiB: {Permits} times {Kibibytes} KiB. A stored hash that asks for more has at most {MostMebibytes} MiB while it is computed.")]
    public static partial void HashingMemory(ILogger logger, long mebibytes, int permits, int kibibytes, int mostMebibytes);

    [LoggerMessage(3, LogLevel.Information, "Rows are bound to the key {Current} of the ring; rows of these former keys keep verifying: {Former}.")]
    public static partial void KeyRing(ILogger logger, string current, string former);

    [LoggerMessage(4, LogLevel.Information, "Hashes are computed by {Hasher}.")]
    public static partial void Hasher(ILogger logger, string hasher);

    [LoggerMessage(100, LogLevel.Debug, "A token was refused in realm {Realm}: {Reason}.")]
    public static partial void Refused(ILogger logger, string realm, RefusalReason reason);

    [LoggerMessage(101, LogLevel.Information, "Token {TokenId} was refused in realm {Realm} although its plaintext was presented: {Reason}.")]
    public static partial void RefusedWithPossession(ILogger logger, Guid tokenId, string realm, RefusalReason reason);

    [LoggerMessage(102, LogLevel.Error, "The stored hash of token {TokenId} is malformed or outside the allowed range. It was not run.")]
    public static partial void UnusableHash(ILogger logger, Guid tokenId);

    [LoggerMessage(103, LogLevel.Error, "A token could not be verified: the store failed.")]
    public static partial void StoreFailedVerifying(ILogger logger, Exception exception);

    [LoggerMessage(104, LogLevel.Error, "A hash could not be computed: there is no memory for it, or the host is stopping.")]
    public static partial void HashingFailed(ILogger logger, Exception exception);

    [LoggerMessage(105, LogLevel.Warning, "The key {KeyId} is not in the ring. Rows that are bound to it are verified by their hash alone. Said once for each key.")]
    public static partial void KeyGone(ILogger logger, string keyId);

    [LoggerMessage(106, LogLevel.Warning, "The store could not be reached to tell its health.")]
    public static partial void StoreUnhealthy(ILogger logger, Exception exception);

    [LoggerMessage(200, LogLevel.Information, "Token {TokenId} of kind {Kind} was issued in realm {Realm}.")]
    public static partial void Issued(ILogger logger, Guid tokenId, string kind, string realm);

    [LoggerMessage(201, LogLevel.Information, "Token {TokenId} was updated in realm {Realm}.")]
    public static partial void Updated(ILogger logger, Guid tokenId, string realm);

    [LoggerMessage(202, LogLevel.Information, "Token {TokenId} was revoked in realm {Realm}.")]
    public static partial void Revoked(ILogger logger, Guid tokenId, string realm);

    [LoggerMessage(203, LogLevel.Information, "{Count} tokens of one owner were revoked in realm {Realm}.")]
    public static partial void RevokedAll(ILogger logger, int count, string realm);

    [LoggerMessage(204, LogLevel.Information, "Token {TokenId} was deleted in realm {Realm}.")]
    public static partial void Deleted(ILogger logger, Guid tokenId, string realm);

    [LoggerMessage(205, LogLevel.Warning, "{Count} recoverable copies in realm {Realm} cannot be read, first that of token {TokenId}.")]
    public static partial void CopiesUnreadable(ILogger logger, int count, string realm, Guid tokenId);

    [LoggerMessage(206, LogLevel.Information, "The plaintexts of {Count} tokens in realm {Realm} were read.")]
    public static partial void PlaintextsRead(ILogger logger, int count, string realm);

    [LoggerMessage(207, LogLevel.Error, "A listener to the changes of this process failed on a change in realm {Realm}.")]
    public static partial void ListenerFailed(ILogger logger, Exception exception, string realm);

    [LoggerMessage(208, LogLevel.Debug, "What the row of token {TokenId} in realm {Realm} holds to verify it by was renewed.")]
    public static partial void Rehashed(ILogger logger, Guid tokenId, string realm);

    [LoggerMessage(209, LogLevel.Warning, "A row could not be renewed. Not said again before one can.")]
    public static partial void NotRehashed(ILogger logger, Exception exception);

    [LoggerMessage(210, LogLevel.Information, "The secret of token {TokenId} in realm {Realm} was replaced.")]
    public static partial void SecretReplaced(ILogger logger, Guid tokenId, string realm);

    [LoggerMessage(300, LogLevel.Warning, "The last use of {Count} tokens could not be written; it is tried again. Not said again before it can be.")]
    public static partial void LastUsedNotWritten(ILogger logger, Exception exception, int count);
}
