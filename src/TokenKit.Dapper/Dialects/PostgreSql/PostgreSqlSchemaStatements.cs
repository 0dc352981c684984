using System.Text.RegularExpressions;
using TokenKit.Dapper.Execution;

namespace TokenKit.Dapper.Dialects.PostgreSql;

/// <summary>What PostgreSQL is asked about the schema.</summary>
internal sealed partial class PostgreSqlSchemaStatements(TableNames tables) : SchemaStatements(tables)
{
    private const string ReadLimits = "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')";

    private const string SetLimits = "SELECT set_config('statement_timeout', @statement, false), set_config('lock_timeout', @lock, false)";

    private const string ReadDatabase = "SELECT current_setting('server_encoding'), current_schema(), current_setting('search_path')";

    // How many of the newest rows are looked at. There is no index for all: ids begin with the time.
    private const int NewestRows = 1000;

    // Numbers left free behind the highest of those rows, for rows that are not among them.
    private const int Margin = 1_000_000;

    private readonly string _token = tables.Token;
    private readonly bool _isSchemaNamed = tables.SchemaName is not null;
    private readonly string _schemaOfIndex = tables.SchemaName is null ? "" : $"\"{tables.SchemaName}\".";

    // Finds the table where the statements would: in the schema that was named, or along the search path.
    public override string CountTables { get; } = $"""
        SELECT count(to_regclass('{tables.Schema}'))
        """;

    // IF NOT EXISTS does not help two sessions that create it at once: see PostgreSqlErrors.IsTransient.
    public override string CreateTable { get; } = $"""
        -- One row: the version of this schema. Later columns say which libraries can run on it.
        CREATE TABLE IF NOT EXISTS {tables.Schema} (
            id      integer NOT NULL PRIMARY KEY CHECK (id = 1),
            version integer NOT NULL
        );

        INSERT INTO {tables.Schema} (id, version) VALUES (1, 0) ON CONFLICT (id) DO NOTHING;
        """;

    // It never waits: see Schema.SchemaMigrator.
    public override string LockVersion { get; } = $"""
        SELECT version
        FROM {tables.Schema}
        WHERE id = 1
        FOR UPDATE NOWAIT
        """;

    // The process that began it may be gone; its statement is not.
    public override string CountStatementsOutside { get; } = $"""
        SELECT count(*)
        FROM pg_stat_progress_create_index
        WHERE relid IN (to_regclass('{tables.Token}'), to_regclass('{tables.Change}'), to_regclass('{tables.Guard}'))
        """;

    // Until the end of the transaction, whatever a database or a role has set. A server ignores the names that it does not know (transaction_timeout
    // came with version 17). Only locks are waited for briefly: behind an ALTER TABLE that waits, all who need the table wait too.
    public override string LiftLimits => """
        SELECT set_config(name, CASE name WHEN 'lock_timeout' THEN '2s' ELSE '0' END, true)
        FROM pg_settings
        WHERE name IN ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')
        """;

    // Drivers leave the portal of their last statement open, and with it its snapshot, until the next statement takes its place. This one needs no
    // snapshot. Without it CREATE INDEX CONCURRENTLY waits for the idle transaction for ever.
    public override string ReleaseSnapshot => "SET LOCAL lock_timeout = '2s'";

    public override (string Begin, string Commit) ScriptFrame => ("BEGIN;", "COMMIT;");

    public override string ScriptHead(bool hasPartsOutside) => hasPartsOutside
        ? """
        -- Run this with psql, which sends one statement at a time. It can be run again: what is there already stays as it is.
        \set ON_ERROR_STOP on
        """
        : """
        -- This can be run again: what is there already stays as it is.
        """;

    public override async Task<string?> FindObstacleAsync(SqlSession session)
    {
        (string Encoding, bool HasSchema, string SearchPath) database =
            (await session.ReadAsync(ReadDatabase, null, static reader => (reader.GetString(0), !reader.IsDBNull(1), reader.GetString(2))).ConfigureAwait(false))[0];
        return database.Encoding is not "UTF8"
            ? $"The encoding of the database is {database.Encoding}. TokenKit needs a database that is created with ENCODING 'UTF8': another encoding does not hold every name."
            : !_isSchemaNamed && !database.HasSchema
            ? $"The search_path of the connection is '{database.SearchPath}' and selects no schema that is there and that the role may use. Set {nameof(DapperStoreOptions)}.{nameof(DapperStoreOptions.SchemaName)}, or another search_path."
            : null;
    }

    // The counter can be read only by a role with a right to it, which inserting does not need.
    public override async Task<string?> FindSequenceProblemAsync(SqlSession session)
    {
        object? counter = await session.ReadValueAsync($"""
            SELECT name
            FROM (SELECT pg_get_serial_sequence('{_token}', 'sequence') AS name) AS counter
            WHERE has_sequence_privilege(name, 'SELECT')
            """).ConfigureAwait(false);
        if (counter is not string name)
        {
            return null;
        }

        string read = $"""
            SELECT
                (SELECT max(sequence) FROM (SELECT sequence FROM {_token} ORDER BY id DESC LIMIT {NewestRows}) AS newest),
                CASE WHEN is_called THEN last_value + 1 ELSE last_value END
            FROM {name}
            """;
        (long Highest, long Next) numbers = (await session.ReadAsync(
            read, null, static reader => (reader.IsDBNull(0) ? 0 : reader.GetInt64(0), reader.GetInt64(1))).ConfigureAwait(false))[0];
        return numbers.Next > numbers.Highest
            ? null
            : $"The next number of a row in {_token} is {numbers.Next}, but a row has {numbers.Highest} already: lists in the order of insertion show new tokens among old ones. Run: ALTER TABLE {_token} ALTER COLUMN sequence RESTART WITH {numbers.Highest + Margin};";
    }

    /// <inheritdoc/>
    /// <remarks>It knows the one statement that steps need outside: an index on a table that is in use.</remarks>
    public override async Task<bool> RunOutsideAsync(SqlSession session, string statement)
    {
        (string Statement, string Lock) limits =
            (await session.ReadAsync(ReadLimits, null, static reader => (reader.GetString(0), reader.GetString(1))).ConfigureAwait(false))[0];
        if (limits is ("0", "0"))
        {
            return await CreateIndexAsync(session, IndexIn(statement), statement).ConfigureAwait(false);
        }

        await session.ExecuteAsync(SetLimits, Limits("0", "0")).ConfigureAwait(false);
        try
        {
            return await CreateIndexAsync(session, IndexIn(statement), statement).ConfigureAwait(false);
        }
        finally
        {
            // The connection goes back to a pool, and another may use it next.
            await session.ExecuteAnywayAsync(SetLimits, Limits(limits.Statement, limits.Lock)).ConfigureAwait(false);
        }

        static SqlParameters Limits(string statement, string @lock) => new SqlParameters().With("statement", statement).With("lock", @lock);
    }

    // psql runs what the query returns.
    public override string PrintOutside(string statement) => $"""
        -- An earlier run that was broken off may have left this index behind, invalid.
        SELECT 'DROP INDEX CONCURRENTLY {IndexIn(statement)}'
        FROM pg_index
        WHERE indexrelid = to_regclass('{IndexIn(statement)}') AND NOT indisvalid
        \gexec

        {statement}
        """;

    private static async Task<bool> CreateIndexAsync(SqlSession session, string index, string statement)
    {
        string isValid = $"""
            SELECT indisvalid
            FROM pg_index
            WHERE indexrelid = to_regclass('{index}')
            """;
        if (await session.ReadValueAsync(isValid).ConfigureAwait(false) is false)
        {
            await session.ExecuteAsync($"DROP INDEX CONCURRENTLY IF EXISTS {index}").ConfigureAwait(false);
        }

        await session.ExecuteAsync(statement).ConfigureAwait(false);
        return await session.ReadValueAsync(isValid).ConfigureAwait(false) is true;
    }

    // Always in the schema of its table, whose name CREATE INDEX does not repeat.
    private string IndexIn(string statement)
    {
        string index = IndexName.Match(statement).Value;
        return index.Length == 0 ? throw new NotSupportedException("Outside the transaction only CREATE INDEX CONCURRENTLY IF NOT EXISTS is known.")
            : _schemaOfIndex + index;
    }

    [GeneratedRegex(@"(?<=INDEX CONCURRENTLY IF NOT EXISTS )""\w+""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IndexName { get; }
}
