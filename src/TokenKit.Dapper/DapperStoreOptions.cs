using TokenKit.Dapper.Dialects;

namespace TokenKit.Dapper;

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

    /// <summary>Whether the host brings the schema up to date when it starts. Otherwise it only checks it, and refuses to start on another one.</summary>
    /// <value>Default: false, because a role that may create tables is more than a running host needs.</value>
    public bool MigrateAtStart { get; set; }
}
