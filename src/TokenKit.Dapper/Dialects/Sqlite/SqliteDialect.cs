using System.Data.Common;

namespace TokenKit.Dapper.Dialects.Sqlite;

/// <summary>SQLite 3.41 or newer, in write-ahead-log mode.</summary>
internal sealed class SqliteDialect(TableNames tables) : SqlDialect
{
    /// <summary>How long a connection waits for a lock.</summary>
    public const int BusySeconds = 5;

    public override string Name => "Sqlite";

    public override TableNames Tables { get; } = tables.SchemaName is null
        ? tables
        : throw new ArgumentException($"SQLite has no schemas; leave {nameof(DapperStoreOptions)}.{nameof(DapperStoreOptions.SchemaName)} unset.", nameof(tables));

    public override TokenStatements Tokens { get; } = new SqliteTokenStatements(tables);

    public override SchemaStatements Schema { get; } = new SqliteSchemaStatements(tables);

    // A driver may wait in a loop of its own, around the wait of SQLite: Microsoft.Data.Sqlite does, for 30 s unless told otherwise.
    public override int CommandTimeout => BusySeconds;

    public override bool IsEmbedded => true;

    // Both settings live in the physical connection, which pools share with whoever uses the same connection string. They touch no page,
    // so sending them on each open costs microseconds; a hook on the physical connection would need a reference to the driver.
    public override string PrepareConnection { get; } = $"""
        PRAGMA busy_timeout = {BusySeconds}000;
        PRAGMA synchronous = FULL;
        """;

    // A transaction that reads first and writes later cannot be waited for: it fails when another one wrote in between. Hence the write
    // lock at once, and as a statement, because the driver's own BEGIN waits as long as the connection string says.
    public override string Begin => "BEGIN IMMEDIATE";

    // It has one isolation.
    public override string Alone(string statement) => statement;

    public override string Commit => "COMMIT";

    public override string Rollback => "ROLLBACK";

    public override bool IsUniqueViolation(DbException exception) => SqliteErrors.IsUniqueViolation(exception);

    public override bool IsLocked(DbException exception) => SqliteErrors.IsLocked(exception);

    // Locks were waited for already, and a file does not come back by itself.
    public override bool IsTransient(Exception exception) => false;

    public override string Explain(Exception exception) => SqliteErrors.Explain(exception);
}
