using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace TokenKit.AspNetCore.Tests.Traces;

/// <summary>What stands for values in requests and responses.</summary>
internal static partial class Placeholders
{
    /// <summary>The kinds of values that vary: what a response may say <c>{{kind}}</c> or <c>{{name=kind}}</c> for.</summary>
    private static readonly Dictionary<string, string> Kinds = new(StringComparer.Ordinal)
    {
        ["date"] = "[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT",
        ["length"] = "[1-9][0-9]*",
        ["integer"] = "[0-9]+",
        ["uuid"] = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
        ["short-id"] = "[0-9A-Za-z]{22}",
        ["plaintext"] = "[a-z][a-z_]*_[0-9A-Za-z]{71}",
        ["hint"] = "[a-z][a-z_]*_[0-9A-Za-z]{6}",
        ["tail"] = "[0-9A-Za-z]{65}",
        ["text"] = "[^\"\\\\]+",
    };

    /// <summary>Fills a request: <c>{{name}}</c> with a value that is known, <c>{{x*9}}</c> with nine times the text.</summary>
    public static string Fill(string text, IReadOnlyDictionary<string, string> values)
    {
        string repeated = Repetition().Replace(text, static match => Repeat(match));
        return Name().Replace(repeated, match => values.TryGetValue(match.Groups[1].Value, out string? value)
            ? value
            : throw new FormatException($"Nothing is given or taken under the name {match.Value}."));
    }

    /// <summary>Compares a response with what must come, and takes the values that the latter names.</summary>
    /// <returns>False when they differ.</returns>
    public static bool Match(string expected, string actual, Dictionary<string, string> values)
    {
        var pattern = new StringBuilder("^");
        var taken = new HashSet<string>(StringComparer.Ordinal);
        int done = 0;
        expected = Repetition().Replace(expected, static match => Repeat(match));
        foreach (Match match in Name().Matches(expected))
        {
            pattern.Append(Regex.Escape(expected[done..match.Index]));
            done = match.Index + match.Length;
            (string name, string kind) = (match.Groups[1].Value, match.Groups[2].Value);
            string group = name.Replace('-', '_');
            pattern.Append(
                kind.Length > 0 && taken.Add(name) ? $"(?<{group}>{KindOf(kind)})"
                : taken.Contains(name) ? $"\\k<{group}>"
                : values.TryGetValue(name, out string? known) ? Regex.Escape(known)
                : KindOf(name));
        }

        pattern.Append(Regex.Escape(expected[done..])).Append("\\z");
        Match whole = Regex.Match(actual, pattern.ToString(), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));
        foreach (string name in taken.Where(_ => whole.Success))
        {
            values[name] = whole.Groups[name.Replace('-', '_')].Value;
        }

        return whole.Success;
    }

    /// <summary>Puts placeholders where a response that is recorded has values that vary.</summary>
    public static string Mark(string response, IReadOnlyDictionary<string, string> values)
    {
        foreach ((string name, string value) in values.Where(static pair => pair.Value.Length > 5).OrderByDescending(static pair => pair.Value.Length))
        {
            response = response.Replace(value, "{{" + name + "}}", StringComparison.Ordinal);
        }

        foreach (string kind in new[] { "date", "plaintext", "uuid" })
        {
            response = Regex.Replace(response, Kinds[kind], "{{" + kind + "}}", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));
        }

        return Length().Replace(response, "$1{{length}}");
    }

    private static string KindOf(string kind) =>
        Kinds.GetValueOrDefault(kind) ?? throw new FormatException($"{kind} is neither known nor a kind of values.");

    private static string Repeat(Match match) =>
        string.Concat(Enumerable.Repeat(match.Groups[1].Value, int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)));

    [GeneratedRegex(@"\{\{([a-z][a-z0-9-]*)(?:=([a-z-]+))?\}\}", RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Name();

    [GeneratedRegex(@"\{\{([^{}]+)\*([0-9]+)\}\}", RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Repetition();

    [GeneratedRegex("(Content-Length: )[1-9][0-9]*", RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Length();
}
