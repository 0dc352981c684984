using System.Data.Common;
using TokenKit.Dapper.Execution;

namespace TokenKit.Dapper.Dialects.Sqlite;

/// <summary>What SQLite is asked about the schema.</summary>
internal sealed class SqliteSchemaStatements(TableNames tables) : SchemaStatements(tables)
{
    // With unhex.
    private static readonly Version Oldest = new(3, 41);

    // Names of tables have no case.
    public override string CountTables { get; } = $"""
        SELECT count(*)
        FROM sqlite_schema
        WHERE type = 'table' AND name = '{tables.Prefix}schema' COLLATE NOCASE
        """;

    public override string CreateTable { get; } = $"""
        -- One row: the version of this schema. Later columns say which libraries can run on it.
        CREATE TABLE IF NOT EXISTS {tables.Schema} (
            id      INTEGER PRIMARY KEY CHECK (id = 1),
            version INTEGER NOT NULL
        ) STRICT;

        INSERT INTO {tables.Schema} (id, version) VALUES (1, 0) ON CONFLICT (id) DO NOTHING;
        """;

    // BEGIN IMMEDIATE has locked the whole database already.
    public override string LockVersion => ReadVersion;

    public override (string Begin, string Commit) ScriptFrame => ("BEGIN IMMEDIATE;", "COMMIT;");

    public override string ScriptHead(bool hasPartsOutside) => """
        -- Run this once, with "sqlite3 -bail". SQLite has no ADD COLUMN IF NOT EXISTS: a second run fails at the first column that is there
        -- already, and changes nothing. Print what is missing from the version that the database has.

        -- Write-ahead log: readers never wait for a writer. The file keeps this setting.
        PRAGMA journal_mode = WAL;
        """;

    public override async Task<string?> FindObstacleAsync(SqlSession session)
    {
        object? version = await session.ReadValueAsync("SELECT sqlite_version()").ConfigureAwait(false);
        return Version.TryParse(version as string, out Version? known) && known < Oldest
            ? $"This process has SQLite {known}, and TokenKit needs {Oldest} or newer. Let it bring its own SQLite, with a current SQLitePCLRaw bundle, instead of the system's library."
            : null;
    }

    public override string? FindWarning(SqlSession session)
    {
        var settings = new DbConnectionStringBuilder { ConnectionString = session.ConnectionString };
        return settings.TryGetValue("Cache", out object? cache) && string.Equals(cache as string, "Shared", StringComparison.OrdinalIgnoreCase)
            ? "The connection string says Cache=Shared. Readers then wait for a writer of this process, and verifying a token can take a hundred times as long. Leave it out."
            : null;
    }

    // The mode is kept in the file and cannot be changed inside a transaction. SQLite answers with the mode that it ended up in.
    public override async Task PrepareDatabaseAsync(SqlSession session)
    {
        object? mode = await session.ReadValueAsync("PRAGMA journal_mode = WAL", new SqlParameters()).ConfigureAwait(false);
        if (mode is not "wal")
        {
            throw new TokenStoreException(
                $"SQLite could not switch the database to write-ahead logging: its journal mode stays '{mode}'. Use a database file on a local disk.");
        }
    }
}
