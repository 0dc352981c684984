using System.Data.Common;

namespace TokenKit.Dapper.Dialects.PostgreSql;

/// <summary>What PostgreSQL's errors mean, by their SQLSTATE codes (PostgreSQL manual, appendix A); a driver's own errors have none.</summary>
internal static class PostgreSqlErrors
{
    public const string UniqueViolation = "23505";
    public const string LockNotAvailable = "55P03";
    public const string QueryCanceled = "57014";

    private const string NeedsMigration = "the schema is not the one this library needs; bring it up to date with TokenKitSchema.MigrateAsync";
    private const string GoingDown = "the database server is shutting down or starting";
    private const string TooManyConnections = "the database server has no connection left";
    private const string Unreachable = "the connection to the database server was lost or could not be made";
    private const string Contention = "it kept colliding with other transactions";
    private const string Late = "the database did not answer in time";
    private const string IdleForTooLong = "the database server ended the transaction because it was open for too long";
    private const string NotSupported = "the driver does not run its statements; if the switch Npgsql.EnableSqlRewriting is off, leave it on";

    private static readonly Dictionary<string, (string Meaning, bool IsTransient)> Codes = new(StringComparer.Ordinal)
    {
        ["40001"] = (Contention, true),
        ["40P01"] = (Contention, true),
        [UniqueViolation] = (Contention, true),
        ["42P07"] = (Contention, true), // a table of that name appeared while this one was created
        ["42710"] = (Contention, true), // the same, seen at the type that every table has
        ["57P01"] = (GoingDown, true), // also a session that an administrator ended
        ["57P02"] = (GoingDown, true),
        ["57P03"] = (GoingDown, true),
        ["57P05"] = ("the database server ended the session because it was idle", true),
        ["25P03"] = (IdleForTooLong, true), // the process was busy between the two halves of a change
        ["25P04"] = (IdleForTooLong, true),
        ["53300"] = (TooManyConnections, true),
        ["25006"] = ("the database is read-only; it may have become a standby", true),
        [LockNotAvailable] = ("another transaction kept the rows locked", false),
        [QueryCanceled] = ("the database gave the statement up as too slow", false),
        ["42P01"] = ("the database has no TokenKit tables; create them with TokenKitSchema.MigrateAsync", false),
        ["42703"] = (NeedsMigration, false),
        ["3F000"] = ("the database has no schema of that name, or the search_path of the connection selects none", false),
        ["3D000"] = ("the server has no database of that name", false),
        ["22P05"] = ("the encoding of the database, which is not UTF8, does not hold a character", false),
        ["42501"] = ("the role lacks a right that this needs", false),
        ["28000"] = ("the server refused the role", false),
        ["28P01"] = ("the server refused the role or its password", false),
        ["53100"] = ("the disk of the database server is full", false),
        ["53200"] = ("the database server is out of memory", false),
    };

    /// <summary>Whether doing it again may help.</summary>
    /// <remarks>
    /// A unique violation that gets here is one that nobody expected: two sessions created the same table, which IF NOT EXISTS does not
    /// prevent. The second attempt finds it there.
    /// </remarks>
    public static bool IsTransient(Exception exception) => StateOf(exception) is { } state
        ? IsConnectionFailure(state) || (Codes.TryGetValue(state, out (string, bool IsTransient) known) && known.IsTransient)
        : !Cause.IsTimeout(exception) && Cause.IsLostConnection(exception);

    public static string Explain(Exception exception) => StateOf(exception) is { } state
        ? Codes.TryGetValue(state, out (string Meaning, bool) known) ? known.Meaning
            : IsConnectionFailure(state) ? Unreachable
            : "the database reported an error, which is the inner exception"
        : Cause.IsTimeout(exception) ? Late
        : Cause.IsLostConnection(exception) ? Unreachable
        : exception is NotSupportedException ? NotSupported
        : "the driver reported an error, which is the inner exception";

    private static string? StateOf(Exception exception) => (exception as DbException)?.SqlState;

    private static bool IsConnectionFailure(string state) => state.StartsWith("08", StringComparison.Ordinal);
}
