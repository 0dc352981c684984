namespace TokenKit.Dapper.Dialects.SqlServer;

/// <summary>What SQL Server is asked about the schema.</summary>
internal sealed class SqlServerSchemaStatements(TableNames tables) : SchemaStatements(tables)
{
    // Finds the table where the statements would: in the schema that was named, or in the login's own.
    public override string CountTables { get; } = $"""
        SELECT CASE WHEN OBJECT_ID(N'{tables.Schema}', N'U') IS NULL THEN 0 ELSE 1 END;
        """;

    public override string CreateTable { get; } = $"""
        -- One row: the version of this schema. Later columns say which libraries can run on it.
        IF OBJECT_ID(N'{tables.Schema}', N'U') IS NULL
        BEGIN
            CREATE TABLE {tables.Schema} (
                id      int NOT NULL PRIMARY KEY CHECK (id = 1),
                version int NOT NULL
            );
        END;

        INSERT INTO {tables.Schema} (id, version)
        SELECT 1, 0
        WHERE NOT EXISTS (SELECT 1 FROM {tables.Schema} WHERE id = 1);
        """;

    // It waits in the statement, without a limit: nothing here waits for the statements of others, as an index of PostgreSQL does.
    public override string LockVersion { get; } = $"""
        UPDATE {tables.Schema}
        SET version = version
        WHERE id = 1;
        """;

    public override (string Begin, string Commit) ScriptFrame => ("BEGIN TRANSACTION;", "COMMIT TRANSACTION;");

    // Filtered indexes need quoted identifiers, which sqlcmd switches off.
    public override string ScriptHead(bool hasPartsOutside) => """
        -- This can be run again: what is there already stays as it is.

        SET QUOTED_IDENTIFIER ON;
        SET XACT_ABORT ON;
        """;
}
