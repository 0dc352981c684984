using System.Collections;
using System.Data.Common;

namespace TokenKit.Dapper.Dialects.SqlServer;

/// <summary>What SQL Server's errors mean, by their numbers; the texts come in the language of the login.</summary>
/// <remarks>
/// <see cref="DbException"/> does not know the number and the severity. Both of Microsoft's drivers call them Number and Class, and this
/// library references neither, so they are read by name.
/// </remarks>
internal static class SqlServerErrors
{
    private const int Timeout = -2;
    private const int LockTimeout = 1222;
    private const int LowestFatalSeverity = 20;

    private const string NeedsMigration = "the schema is not the one this library needs; bring it up to date with TokenKitSchema.MigrateAsync";
    private const string Unreachable = "the connection to the database server was lost or could not be made";
    private const string Busy = "the database service is busy or moves the database";
    private const string Paused = "the database service is paused or wakes up";
    private const string ReadOnly = "the database is read-only; it may have become a secondary";
    private const string Contention = "it kept colliding with other transactions";
    private const string NoDatabase = "the server has no database of that name, or the login may not use it";
    private const string Full = "the disk of the database server is full";
    private const string NoRight = "the login lacks a right that this needs";

    private static readonly Dictionary<int, (string Meaning, bool IsTransient)> Numbers = new()
    {
        [1205] = (Contention, true), // deadlock victim
        [3960] = (Contention, true), // snapshot conflict
        [1204] = ("the database server has no memory left for locks", true),
        [2601] = (Contention, true),
        [2627] = (Contention, true),
        [2714] = (Contention, true), // a table of that name appeared while this one was created
        [0] = (Unreachable, true), // the driver gave the command up
        [596] = (Unreachable, true), // the session was ended
        [6005] = ("the database server is shutting down", true),
        [976] = (ReadOnly, true),
        [983] = (ReadOnly, true),
        [3906] = (ReadOnly, true),
        [4221] = (Busy, true),
        [10928] = (Busy, true),
        [10929] = (Busy, true),
        [40143] = (Busy, true),
        [40197] = (Busy, true),
        [40501] = (Busy, true),
        [40540] = (Busy, true),
        [40613] = (Busy, true),
        [42108] = (Paused, true),
        [42109] = (Paused, true),
        [49918] = (Busy, true),
        [49919] = (Busy, true),
        [49920] = (Busy, true),
        [Timeout] = ("the database did not answer in time", false),
        [LockTimeout] = ("another transaction kept the rows locked", false),
        [208] = ("the database has no TokenKit tables; create them with TokenKitSchema.MigrateAsync", false),
        [207] = (NeedsMigration, false),
        [213] = (NeedsMigration, false),
        [2760] = ("the database has no schema of that name, or the login may not use it", false),
        [911] = (NoDatabase, false),
        [4060] = (NoDatabase, false),
        [3952] = ("the session asks for snapshot isolation, which the database does not allow; give the store a connection string of its own", false),
        [3997] = ("the connection string says MultipleActiveResultSets=True; give the store one of its own, without it", false),
        [229] = (NoRight, false),
        [230] = (NoRight, false),
        [262] = (NoRight, false),
        [18456] = ("the server refused the login", false),
        [1105] = (Full, false),
        [9002] = (Full, false),
    };

    public static bool IsUniqueViolation(DbException exception) => NumberOf(exception) is 2627 or 2601;

    public static bool IsLocked(DbException exception) => NumberOf(exception) is LockTimeout;

    /// <summary>Whether doing it again may help.</summary>
    /// <remarks>A unique violation that gets here is one that two sessions ran into together; the second attempt finds what the other wrote.</remarks>
    public static bool IsTransient(Exception exception) =>
        NumberOf(exception) is { } number && Numbers.TryGetValue(number, out (string, bool IsTransient) known)
            ? known.IsTransient
            : !Cause.IsTimeout(exception) && HasLostItsConnection(exception);

    public static string Explain(Exception exception) =>
        NumberOf(exception) is { } number && Numbers.TryGetValue(number, out (string Meaning, bool) known) ? known.Meaning
        : Cause.IsTimeout(exception) ? Numbers[Timeout].Meaning
        : HasLostItsConnection(exception) ? Unreachable
        : "the database or its driver reported an error, which is the inner exception";

    // The exception has the number and the severity of the first error. The one that broke the connection may come behind it: Babelfish ends a
    // session with an error of no matter, and the driver adds that nobody is there any more.
    private static bool HasLostItsConnection(Exception exception) =>
        IsFatal(exception)
        || (Property(exception, "Errors") is IEnumerable errors && errors.Cast<object>().Any(IsFatal))
        || Cause.IsLostConnection(exception);

    private static bool IsFatal(object error) => Property(error, "Class") is byte and >= LowestFatalSeverity;

    private static int? NumberOf(Exception exception) => exception is DbException ? Property(exception, "Number") as int? : null;

    private static object? Property(object target, string name) => target.GetType().GetProperty(name)?.GetValue(target);
}
