using System.Text;

namespace TokenKit.AspNetCore.Tests.Traces;

/// <summary>One case of a set: a folder that holds the requests that are sent and the responses that must come. See <c>README.md</c>.</summary>
/// <param name="Set">The folder of the set.</param>
/// <param name="Name">The folder of the case.</param>
/// <param name="Rows">The rows of the set's page that it covers.</param>
/// <param name="Given">What there is before the first request.</param>
/// <param name="Steps">What is sent, and what must come.</param>
internal sealed record TraceCase(string Set, string Name, IReadOnlyList<string> Rows, IReadOnlyList<string> Given, IReadOnlyList<TraceStep> Steps)
{
    private const string Separator = "###";
    private const string EndOfLine = "\r\n";

    public string ResponseFile => Path.Combine(TraceFolders.Of(Set), Name, "response.http");

    /// <summary>The names of all cases of a set.</summary>
    public static IReadOnlyList<string> NamesOf(string set) =>
        [.. Directory.EnumerateDirectories(TraceFolders.Of(set)).Select(static folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    /// <summary>Reads all cases of a set.</summary>
    public static IReadOnlyList<TraceCase> ReadAll(string set) => [.. NamesOf(set).Select(name => Read(set, name))];

    public static TraceCase Read(string set, string name)
    {
        string folder = Path.Combine(TraceFolders.Of(set), name);
        (List<string> notes, List<(string Words, string Text)> requests) = Split(ReadText(Path.Combine(folder, "request.http")));
        string responseFile = Path.Combine(folder, "response.http");
        List<(string Words, string Text)> responses = File.Exists(responseFile) ? Split(ReadText(responseFile)).Sections : [];
        if (responses.Count != requests.Count && !TraceRunner.Records)
        {
            throw new FormatException($"{set}/{name} has {requests.Count} requests and {responses.Count} responses.");
        }

        return new TraceCase(
            set,
            name,
            Words(notes, "# covers:"),
            Words(notes, "# given:"),
            [
                .. requests.Select((request, i) =>
                    new TraceStep(Words([request.Words], Separator), request.Text, i < responses.Count ? responses[i].Text : "")),
            ]);
    }

    /// <summary>Writes responses that were recorded.</summary>
    public static void WriteResponses(TraceCase trace, IEnumerable<string> responses) =>
        File.WriteAllText(trace.ResponseFile, string.Join(EndOfLine + Separator + EndOfLine, responses) + EndOfLine, Encoding.Latin1);

    public override string ToString() => $"{Set}/{Name}";

    // Latin-1 keeps every byte as one character.
    private static string ReadText(string file) => File.ReadAllText(file, Encoding.Latin1);

    // Notes come first. A section is what stands between two lines with ###, without the end of the line before the second one.
    private static (List<string> Notes, List<(string Words, string Text)> Sections) Split(string text)
    {
        List<string> notes = [];
        while (text.StartsWith("# ", StringComparison.Ordinal))
        {
            int end = text.IndexOf(EndOfLine, StringComparison.Ordinal);
            notes.Add(text[..end]);
            text = text[(end + EndOfLine.Length)..];
        }

        if (!text.StartsWith(Separator, StringComparison.Ordinal))
        {
            text = Separator + EndOfLine + text;
        }

        if (!text.EndsWith(EndOfLine, StringComparison.Ordinal))
        {
            throw new FormatException("The file does not end with CRLF.");
        }

        return (notes,
        [
            .. (EndOfLine + text[..^EndOfLine.Length]).Split(EndOfLine + Separator).Skip(1).Select(static section =>
            {
                int end = section.IndexOf(EndOfLine, StringComparison.Ordinal);
                return end < 0 ? (Separator + section, "") : (Separator + section[..end], section[(end + EndOfLine.Length)..]);
            }),
        ]);
    }

    private static string[] Words(IEnumerable<string> lines, string start) =>
    [
        .. lines.Where(line => line.StartsWith(start, StringComparison.Ordinal))
            .SelectMany(line => line[start.Length..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)),
    ];
}

/// <summary>One request of a case and its response.</summary>
/// <param name="Words">What happens before, and what is special about it.</param>
/// <param name="Request">The bytes to send, as Latin-1, with placeholders.</param>
/// <param name="Response">The response that must come, with placeholders.</param>
internal sealed record TraceStep(IReadOnlyList<string> Words, string Request, string Response);

/// <summary>Where the traces and the pages are.</summary>
internal static class TraceFolders
{
    private static readonly string Root = FindRoot(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>The folders of all sets.</summary>
    public static string All => Path.Combine(Root, "tests", "TokenKit.AspNetCore.Tests", "Traces");

    public static string Of(string set) => Path.Combine(All, set);

    /// <summary>The page that lists what a set promises.</summary>
#pragma warning disable CA1308 // The pages have the names of their sets in small letters.
    public static string PageOf(string set) => Path.Combine(Root, "docs", "endpoint-sets", set.ToLowerInvariant() + ".md");
#pragma warning restore CA1308

    private static string FindRoot(DirectoryInfo folder) =>
        File.Exists(Path.Combine(folder.FullName, "TokenKit.sln"))
            ? folder.FullName
            : FindRoot(folder.Parent ?? throw new InvalidOperationException("These tests run inside a clone of the repository."));
}
