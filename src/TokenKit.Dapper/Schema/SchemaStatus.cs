using TokenKit.Dapper.Dialects;

namespace TokenKit;

/// <summary>How the schema of a database compares with the one that this version of the library needs.</summary>
public enum SchemaState
{
    /// <summary>It is the one.</summary>
    Current,

    /// <summary>There are no TokenKit tables with that prefix.</summary>
    Missing,

    /// <summary>It is of an earlier version of the library.</summary>
    Outdated,

    /// <summary>It is of a later version of the library, and this one cannot run on it.</summary>
    Newer,

    /// <summary>It is of a later version of the library, and this one can run on it: the host is one to update.</summary>
    NewerReadable,
}

/// <summary>The answer to <see cref="TokenKitSchema.CheckAsync"/>.</summary>
public sealed record SchemaStatus
{
    internal SchemaStatus(TableNames tables, int version, int readableBy, string features, int needed)
    {
        SchemaName = tables.SchemaName;
        TablePrefix = tables.Prefix;
        Version = version;
        ReadableBy = readableBy;
        Features = features;
        NeededVersion = needed;
    }

    /// <summary>The schema of the database that the tables are in; null for the one that connections come with.</summary>
    public string? SchemaName { get; }

    /// <summary>What the names of the tables begin with.</summary>
    public string TablePrefix { get; }

    /// <summary>The version that the database has; 0 for none.</summary>
    public int Version { get; }

    /// <summary>The oldest version that a library must know to run on this database; 0 where there are no tables.</summary>
    public int ReadableBy { get; }

    /// <summary>What is switched on in this database: words with one space between them, empty for nothing.</summary>
    public string Features { get; }

    /// <summary>The version that this library needs.</summary>
    public int NeededVersion { get; }

    /// <summary>How the two compare.</summary>
    public SchemaState State => Version == NeededVersion ? SchemaState.Current
        : Version == 0 ? SchemaState.Missing
        : Version < NeededVersion ? SchemaState.Outdated
        : ReadableBy <= NeededVersion ? SchemaState.NewerReadable
        : SchemaState.Newer;

    /// <summary>What is the matter and what to do about it, for the person who runs the host.</summary>
    public override string ToString() => State switch
    {
        SchemaState.Current => $"The schema of the tables '{Tables}…' is version {Version}, as it should be.",
        SchemaState.Newer => $"The schema of the tables '{Tables}…' is version {Version} and can be used by a TokenKit.Dapper that knows version {ReadableBy}, but this one knows only {NeededVersion}. Run the version that the database was migrated with, or a later one.",
        SchemaState.NewerReadable => $"The schema of the tables '{Tables}…' is version {Version}. This version of TokenKit.Dapper knows {NeededVersion} and can run on it. Update this host to the version that the database was migrated with.",
        SchemaState.Missing => $"The database has no tables '{Tables}…'. {HowToMigrate}",
        _ => $"The schema of the tables '{Tables}…' is version {Version}; this version of TokenKit.Dapper needs {NeededVersion}. {HowToMigrate}",
    };

    /// <summary>Whether this library can run on it.</summary>
    internal bool IsUsable => State is SchemaState.Current or SchemaState.NewerReadable;

    internal string Tables => SchemaName is null ? TablePrefix : $"{SchemaName}.{TablePrefix}";

    private static string HowToMigrate =>
        "Call TokenKitSchema.MigrateAsync, or set DapperStoreOptions.MigrateAtStart, or have a database administrator run what TokenKitSchema.Print returns.";
}
