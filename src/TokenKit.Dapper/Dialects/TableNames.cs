using System.Text.RegularExpressions;

namespace TokenKit.Dapper.Dialects;

/// <summary>The quoted names of the tables of one store. Made once; statements take them as they are.</summary>
internal sealed partial class TableNames
{
    /// <summary>The prefix in the migration scripts, which are valid SQL with it.</summary>
    public const string DefaultPrefix = "tokenkit_";

    public TableNames(string prefix)
    {
        Prefix = prefix;
        Token = Quote(prefix, "token");
        Change = Quote(prefix, "change");
        Guard = Quote(prefix, "guard");
        Schema = Quote(prefix, "schema");
        SchemaName = prefix + "schema";
    }

    public string Prefix { get; }

    /// <summary>The tokens.</summary>
    public string Token { get; }

    /// <summary>The ids of committed changes.</summary>
    public string Change { get; }

    /// <summary>One row for each subject under a cap, locked before its tokens are counted.</summary>
    public string Guard { get; }

    /// <summary>One row: the version of the schema.</summary>
    public string Schema { get; }

    /// <summary>The same as text, to look for the table.</summary>
    public string SchemaName { get; }

    /// <summary>An index, for products where a statement may name the one to use.</summary>
    public string Index(string name) => Quote(Prefix, name);

    /// <summary>Whether a text can be the prefix: it needs no escaping in any dialect and leaves room for the longest name of an index.</summary>
    public static bool IsPrefix(string text) => PrefixPattern.IsMatch(text);

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]{0,29}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PrefixPattern { get; }

    private static string Quote(string prefix, string name) => $"\"{prefix}{name}\"";
}
