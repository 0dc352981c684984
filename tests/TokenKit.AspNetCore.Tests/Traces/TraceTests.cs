using System.Text.RegularExpressions;

namespace TokenKit.AspNetCore.Tests.Traces;

[TestClass]
public sealed partial class TraceTests
{
    // A stream where a whole response should come says empty lines for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static IEnumerable<object[]> Cases =>
        TraceSet.All.SelectMany(static set => TraceCase.NamesOf(set.Name).Select(name => new object[] { set.Name, name }));

    public static IEnumerable<object[]> Sets => TraceSet.All.Select(static set => new object[] { set.Name });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public Task Trace_SentByteForByte_IsAnsweredAsItsFileSays(string set, string name) => TraceRunner.RunAsync(TraceCase.Read(set, name)).WaitAsync(Patience);

    [TestMethod]
    [DynamicData(nameof(Sets))]
    public void Page_OfASet_IsCoveredRowByRow(string set)
    {
        string[] rows = [.. Row().Matches(File.ReadAllText(TraceFolders.PageOf(set))).Select(static match => match.Groups[1].Value)];
        ILookup<string, string> covered = TraceCase.ReadAll(set)
            .SelectMany(static trace => trace.Rows.Select(row => (Row: row, trace.Name)))
            .ToLookup(static pair => pair.Row, static pair => pair.Name, StringComparer.Ordinal);

        Assert.IsNotEmpty(rows);
        Assert.AreEqual("", string.Join(", ", rows.CountBy(static row => row).Where(static row => row.Value > 1)), "rows that are there twice");
        Assert.AreEqual("", string.Join(", ", rows.Where(row => !covered.Contains(row))), "rows without a case");
        Assert.AreEqual(
            "",
            string.Join(", ", covered.Where(row => !rows.Contains(row.Key)).Select(static row => $"{row.Key} of {string.Join(", ", row)}")),
            "rows that do not exist");
        Assert.AreEqual("", string.Join(", ", TraceCase.ReadAll(set).Where(static trace => trace.Rows.Count == 0)), "cases of no row");
    }

    [TestMethod]
    [DynamicData(nameof(Sets))]
    public void Cases_OfASet_DifferInMoreThanValues(string set)
    {
        IEnumerable<string> alike = TraceCase.ReadAll(set)
            .GroupBy(TraceShape.Of, StringComparer.Ordinal)
            .Where(static group => group.Count() > 1)
            .Select(static group => string.Join(" = ", group.Select(static trace => trace.Name)));

        Assert.AreEqual("", string.Join("; ", alike));
    }

    [TestMethod]
    public void Folders_OfTraces_AreThoseOfTheSets()
    {
        IEnumerable<string> folders = Directory.EnumerateDirectories(TraceFolders.All).Select(static folder => Path.GetFileName(folder));

        CollectionAssert.AreEquivalent(TraceSet.All.Select(static set => set.Name).ToArray(), folders.ToArray());
    }

    [GeneratedRegex(@"^\| ([A-Z]-[0-9]+[a-z]?) \|", RegexOptions.CultureInvariant | RegexOptions.Multiline, 10_000)]
    private static partial Regex Row();
}
