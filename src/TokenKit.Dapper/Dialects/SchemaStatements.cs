using TokenKit.Dapper.Execution;

namespace TokenKit.Dapper.Dialects;

/// <summary>The statements about the schema itself, whole. The steps from version to version are scripts: see <see cref="Schema.Migration"/>.</summary>
internal abstract class SchemaStatements(TableNames tables)
{
    /// <summary>How many tables with the version of the schema there are: one or none.</summary>
    public abstract string CountTables { get; }

    /// <summary>The version of the schema.</summary>
    public virtual string ReadVersion { get; } = $"""
        SELECT version
        FROM {tables.Schema}
        WHERE id = 1
        """;

    /// <summary>The oldest schema version that a library must know, and what is switched on.</summary>
    public virtual string ReadTraits { get; } = $"""
        SELECT readable_by, features
        FROM {tables.Schema}
        WHERE id = 1
        """;

    /// <summary>Creates the table with the version of the schema, and in it version 0, unless they are there. It may be lost to another who does the same.</summary>
    public abstract string CreateTable { get; }

    /// <summary>Lets only one transaction at a time migrate, until its end.</summary>
    public abstract string LockVersion { get; }

    /// <summary>How many statements are running outside of any transaction that a step may have begun; null where no step does.</summary>
    public virtual string? CountStatementsOutside => null;

    /// <summary>Sent after the begin of a transaction that migrates, so that it may take as long as it needs; null for nothing.</summary>
    public virtual string? LiftLimits => null;

    /// <summary>Sent before a transaction waits for a statement outside of it, so that the statement need not wait for it; null for nothing.</summary>
    public virtual string? ReleaseSnapshot => null;

    /// <summary>What a script for a database administrator says around the parts that are in a transaction.</summary>
    public abstract (string Begin, string Commit) ScriptFrame { get; }

    /// <summary>What a script for a database administrator says first.</summary>
    public abstract string ScriptHead(bool hasPartsOutside);

    /// <summary>What keeps the store from working on the database, and no step of the schema mends; null for nothing.</summary>
    public virtual Task<string?> FindObstacleAsync(SqlSession session) => Task.FromResult<string?>(null);

    /// <summary>What makes the store work badly with the connection string; null for nothing.</summary>
    public virtual string? FindWarning(SqlSession session) => null;

    /// <summary>
    /// Whether the database will give numbers to rows that others have already, and what mends that; null for no. A copy of the rows alone, as
    /// logical replication makes it, leaves the counter behind.
    /// </summary>
    public virtual Task<string?> FindSequenceProblemAsync(SqlSession session) => Task.FromResult<string?>(null);

    /// <summary>Brings the database into the state that the store needs and that no transaction can bring it into.</summary>
    public virtual Task PrepareDatabaseAsync(SqlSession session) => Task.CompletedTask;

    /// <summary>Runs a statement that no transaction may contain. It may have been begun before, by a process that died.</summary>
    /// <returns>Whether it is done; otherwise ask again.</returns>
    public virtual async Task<bool> RunOutsideAsync(SqlSession session, string statement)
    {
        await session.ExecuteAsync(statement).ConfigureAwait(false);
        return true;
    }

    /// <summary>The same for a database administrator.</summary>
    public virtual string PrintOutside(string statement) => statement;
}
