namespace TokenKit.Dapper.Dialects.PostgreSql;

/// <summary>What PostgreSQL is asked about the schema.</summary>
internal sealed class PostgreSqlSchemaStatements(TableNames tables) : SchemaStatements(tables)
{
    // Finds the table where the statements would: in the schema that was named, or along the search path.
    public override string CountTables { get; } = $"""
        SELECT count(to_regclass('{tables.Schema}'))
        """;

    // IF NOT EXISTS does not help two sessions that create it at once: see PostgreSqlErrors.IsTransient.
    public override string CreateTable { get; } = $"""
        -- One row: the version of this schema. The library refuses to run on a version that it does not know.
        CREATE TABLE IF NOT EXISTS {tables.Schema} (
            id      integer NOT NULL PRIMARY KEY CHECK (id = 1),
            version integer NOT NULL
        );

        INSERT INTO {tables.Schema} (id, version) VALUES (1, 0) ON CONFLICT (id) DO NOTHING;
        """;

    public override string LockVersion { get; } = $"""
        SELECT version
        FROM {tables.Schema}
        WHERE id = 1
        FOR UPDATE
        """;

    public override (string Head, string Foot) ScriptFrame => ("BEGIN;", "COMMIT;");
}
