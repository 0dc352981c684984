using System.Text.RegularExpressions;

namespace TokenKit.Dapper.Dialects;

/// <summary>The quoted names of the tables of one store. Made once; statements take them as they are.</summary>
internal sealed partial class TableNames
{
    /// <summary>The prefix in the migration scripts, which are valid SQL with it.</summary>
    public const string DefaultPrefix = "tokenkit_";

    public TableNames(string prefix, string? schemaName = null)
    {
        Prefix = prefix;
        SchemaName = schemaName;
        Token = Table("token");
        Change = Table("change");
        Guard = Table("guard");
        Schema = Table("schema");
    }

    public TableNames(DapperStoreOptions options)
        : this(options.TablePrefix, options.SchemaName)
    {
    }

    public string Prefix { get; }

    /// <summary>The schema of the database that the tables are in; null for the one that the connection comes with.</summary>
    public string? SchemaName { get; }

    /// <summary>The tokens.</summary>
    public string Token { get; }

    /// <summary>The ids of committed changes.</summary>
    public string Change { get; }

    /// <summary>One row for each subject under a cap, locked before its tokens are counted.</summary>
    public string Guard { get; }

    /// <summary>One row: the version of the schema.</summary>
    public string Schema { get; }

    /// <summary>An index, which is always in the schema of its table.</summary>
    public string Index(string name) => $"\"{Prefix}{name}\"";

    /// <summary>A table as SQL Server's functions take its name, whatever quotation marks mean to the session.</summary>
    public string Bracketed(string name) => SchemaName is null ? $"[{Prefix}{name}]" : $"[{SchemaName}].[{Prefix}{name}]";

    /// <summary>A script with these names in place of the quoted ones that it was written with.</summary>
    public string PutInto(string script) => NameInScript.Replace(script, match => (match.Value[0], match.Groups["name"].Value) switch
    {
        ('[', string table) => Bracketed(table),
        (_, "token" or "change" or "guard" or "schema") => Table(match.Groups["name"].Value),
        (_, string index) => Index(index),
    });

    /// <summary>Whether a text can be the prefix: it needs no escaping in any dialect and leaves room for the longest name of an index.</summary>
    public static bool IsPrefix(string text) => text.Length <= 30 && Identifier.IsMatch(text);

    /// <summary>Whether a text can be the name of a schema: it needs no escaping in any dialect.</summary>
    public static bool IsSchemaName(string text) => text.Length <= 63 && Identifier.IsMatch(text);

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Identifier { get; }

    [GeneratedRegex(@"""tokenkit_(?<name>\w+)""|\[tokenkit_(?<name>\w+)\]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NameInScript { get; }

    private string Table(string name) => SchemaName is null ? $"\"{Prefix}{name}\"" : $"\"{SchemaName}\".\"{Prefix}{name}\"";
}
