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

    /// <summary>Creates the table with the version of the schema, and in it version 0, unless they are there. It may be lost to another who does the same.</summary>
    public abstract string CreateTable { get; }

    /// <summary>Lets only one transaction at a time migrate, until its end.</summary>
    public abstract string LockVersion { get; }

    /// <summary>What a script for a database administrator says before and after the migrations.</summary>
    public abstract (string Head, string Foot) ScriptFrame { get; }

    /// <summary>Brings the database into the state that the store needs and that no transaction can bring it into.</summary>
    public virtual Task PrepareDatabaseAsync(SqlSession session) => Task.CompletedTask;
}
