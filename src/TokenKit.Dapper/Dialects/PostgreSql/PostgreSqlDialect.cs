using System.Data.Common;
using System.Globalization;

namespace TokenKit.Dapper.Dialects.PostgreSql;

/// <summary>PostgreSQL 12 or newer, with what its kin also have: plain tables, partial indexes and FOR UPDATE; no extension, no advisory lock.</summary>
internal sealed class PostgreSqlDialect(TableNames tables) : SqlDialect
{
    public override string Name => "PostgreSql";

    public override TableNames Tables => tables;

    public override TokenStatements Tokens { get; } = new PostgreSqlTokenStatements(tables);

    public override SchemaStatements Schema { get; } = new PostgreSqlSchemaStatements(tables);

    public override bool IsEmbedded => false;

    public override int CommandTimeout => 10;

    // Whatever a host set on a pooled connection, drivers reset it; a statement more would be a round trip more for each token verified.
    public override string? PrepareConnection => null;

    // Said each time, because a database or a role may have other defaults.
    public override string Begin => "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";

    // Not SET LOCAL, which would also weaken remote_apply.
    public override string StateDurability => """
        SELECT set_config('synchronous_commit', 'on', true)
        WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write')
        """;

    public override string Alone(string statement) => $"{Begin};\n{statement};\n{Commit};";

    // Not lock_timeout: it counts anew for each lock that a statement waits for.
    public override string LimitWaits(TimeSpan most) => string.Create(CultureInfo.InvariantCulture, $"SET LOCAL statement_timeout = {(long)most.TotalMilliseconds}");

    public override string LiftWaits => "SET LOCAL statement_timeout TO DEFAULT";

    public override string Commit => "COMMIT";

    public override string Rollback => "ROLLBACK";

    public override bool IsUniqueViolation(DbException exception) => string.Equals(exception.SqlState, PostgreSqlErrors.UniqueViolation, StringComparison.Ordinal);

    public override bool IsLocked(DbException exception) => string.Equals(exception.SqlState, PostgreSqlErrors.LockNotAvailable, StringComparison.Ordinal);

    public override bool HasEndedWaiting(DbException exception) => IsLocked(exception) || string.Equals(exception.SqlState, PostgreSqlErrors.QueryCanceled, StringComparison.Ordinal);

    public override bool IsTransient(Exception exception) => PostgreSqlErrors.IsTransient(exception);

    public override string Explain(Exception exception) => PostgreSqlErrors.Explain(exception);
}
