using Microsoft.Extensions.Logging;

namespace TokenKit.Dapper;

/// <summary>What TokenKit.Dapper logs, never anything that is stored. Ids 2000–2099 schema and database, 2100–2199 writers.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Warning, "The schema of the tables {Tables} is version {Version}. This version of TokenKit.Dapper knows {KnownVersion} and can run on it. Said once.")]
    public static partial void SchemaIsNewer(ILogger logger, string tables, int version, int knownVersion);

    [LoggerMessage(2001, LogLevel.Information, "The schema in {Table} cannot be migrated yet: another node does so, or a step needs a table that is in use. Asking again every second.")]
    public static partial void MigrationWaits(ILogger logger, string table);

    [LoggerMessage(2002, LogLevel.Warning, "{Problem}")]
    public static partial void DatabaseProblem(ILogger logger, string problem);

    [LoggerMessage(2003, LogLevel.Error, "The store cannot write, so no token can be revoked. Said once, until it can.")]
    public static partial void CannotWrite(ILogger logger, Exception exception);

    [LoggerMessage(2100, LogLevel.Warning, "{Waiting} writers of this process wait for the database. Others are turned away until nobody waits.")]
    public static partial void WritersTurnedAway(ILogger logger, int waiting);

    [LoggerMessage(2101, LogLevel.Information, "No writer of this process waits for the database any more. {Count} were turned away.")]
    public static partial void WritersAdmitted(ILogger logger, int count);
}
