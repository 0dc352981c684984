using TokenKit.Dapper.Dialects;

namespace TokenKit;

/// <summary>How tokens are kept in an SQL database.</summary>
public sealed class DapperStoreOptions
{
    /// <summary>What the names of the tables begin with, so that several stores can share a database.</summary>
    /// <value>Default: <c>tokenkit_</c>. A letter or underscore, then letters, digits and underscores of ASCII; at most 30 characters.</value>
    /// <exception cref="ArgumentException">The value is none.</exception>
    public string TablePrefix
    {
        get;
        set => field = value is not null && TableNames.IsPrefix(value)
            ? value
            : throw new ArgumentException(
                "A table prefix is a letter or underscore of ASCII, then letters, digits and underscores, 30 characters at most.", nameof(value));
    } = TableNames.DefaultPrefix;

    /// <summary>The schema of the database that the tables are in. It must be there: nothing here creates it. SQLite has none.</summary>
    /// <value>
    /// Default: null, which means the schema that connections come with. A letter or underscore, then letters, digits and underscores of
    /// ASCII; at most 63 characters.
    /// </value>
    /// <exception cref="ArgumentException">The value is no such name.</exception>
    public string? SchemaName
    {
        get;
        set => field = value is null || TableNames.IsSchemaName(value)
            ? value
            : throw new ArgumentException(
                "The name of a schema is a letter or underscore of ASCII, then letters, digits and underscores, 63 characters at most.", nameof(value));
    }

    /// <summary>
    /// How long a change waits for rows that another transaction has locked, before it lets go of what it holds itself and tries again. A
    /// revocation by the host or a person does not give up its place. On PostgreSQL it limits each statement that locks, whatever it waits for.
    /// </summary>
    /// <value>Default: 1 s. 100 ms to 3 s. SQLite has no locks on rows: there it means nothing.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its range.</exception>
    public TimeSpan LockTimeout
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(100));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromSeconds(3));
            field = value;
        }
    } = TimeSpan.FromSeconds(1);

    /// <summary>Whether the host brings the schema up to date when it starts. Otherwise it only checks it, and refuses to start on another one.</summary>
    /// <value>Default: false, because a role that may create tables is more than a running host needs.</value>
    public bool MigrateAtStart { get; set; }
}
