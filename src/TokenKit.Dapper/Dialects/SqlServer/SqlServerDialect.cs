using System.Data.Common;
using System.Globalization;

namespace TokenKit.Dapper.Dialects.SqlServer;

/// <summary>SQL Server 2016 or newer and Azure SQL. It keeps to the T-SQL that Babelfish also speaks.</summary>
internal sealed class SqlServerDialect(TableNames tables) : SqlDialect
{
    public override string Name => "SqlServer";

    public override TableNames Tables => tables;

    public override TokenStatements Tokens { get; } = new SqlServerTokenStatements(tables);

    public override SchemaStatements Schema { get; } = new SqlServerSchemaStatements(tables);

    public override bool IsEmbedded => false;

    public override int CommandTimeout => 10;

    // Pools reset what a host set on a connection, but for the isolation level, which is said where rows must not be passed over; a statement
    // more here would be a round trip more for each token verified.
    public override string? PrepareConnection => null;

    // Said each time, because a server, a database or a login may have other defaults. Without the number of rows a change that was made
    // before and a new one look alike.
    public override string Begin => """
        SET NOCOUNT OFF;
        SET XACT_ABORT ON;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        BEGIN TRANSACTION;
        """;

    // The settings of Begin would end with the procedure, and a transaction that it begins or ends is an error.
    public override bool BatchesTransactions => false;

    // Both settings end with the batch.
    public override string Alone(string statement) => $"SET NOCOUNT OFF;\nSET TRANSACTION ISOLATION LEVEL READ COMMITTED;\n{statement}";

    // For each lock; a statement waits for one row here.
    public override string LimitWaits(TimeSpan most) => string.Create(CultureInfo.InvariantCulture, $"SET LOCK_TIMEOUT {(long)most.TotalMilliseconds};");

    public override string LiftWaits => "SET LOCK_TIMEOUT -1;";

    public override string Commit => "COMMIT TRANSACTION;";

    // An error has ended the transaction already (XACT_ABORT).
    public override string Rollback => "IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;";

    public override bool IsUniqueViolation(DbException exception) => SqlServerErrors.IsUniqueViolation(exception);

    public override bool IsLocked(DbException exception) => SqlServerErrors.IsLocked(exception);

    public override bool HasEndedWaiting(DbException exception) => IsLocked(exception);

    public override bool IsTransient(Exception exception) => SqlServerErrors.IsTransient(exception);

    public override string Explain(Exception exception) => SqlServerErrors.Explain(exception);
}
