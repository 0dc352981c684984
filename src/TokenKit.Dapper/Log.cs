using Microsoft.Extensions.Logging;

namespace TokenKit.Dapper;

/// <summary>What TokenKit.Dapper logs, never anything that is stored. Ids 2000–2099 schema and database.</summary>
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
}
