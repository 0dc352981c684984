using System.Text.RegularExpressions;

namespace TokenKit.Conventions.Tests;

/// <summary>Time comes from a TimeProvider, and what nobody may guess from RandomNumberGenerator.</summary>
[TestClass]
public sealed partial class BannedApiTests
{
    [TestMethod]
    [DynamicData(nameof(Packages.Names), typeof(Packages))]
    public void Source_OfAPackage_UsesNoBannedApi(string package)
    {
        string[] found =
        [
            .. from file in Packages.SourceFiles(package)
               from Match match in Banned().Matches(File.ReadAllText(file))
               select $"{Path.GetRelativePath(Packages.Root, file)}: {match.Value}",
        ];
        Assert.IsNotEmpty(Packages.SourceFiles(package));
        Assert.IsEmpty(found, string.Join(", ", found));
    }

    [TestMethod]
    [DataRow("DateTime.UtcNow", true)]
    [DataRow("System.DateTimeOffset.Now", true)]
    [DataRow("DateTime.Today", true)]
    [DataRow("Guid.NewGuid()", true)]
    [DataRow("new Random(1)", true)]
    [DataRow("Random.Shared", true)]
    [DataRow("time.GetUtcNow()", false)]
    [DataRow("RandomNumberGenerator.Fill(bytes)", false)]
    public void BannedApi_InALine_IsFound(string line, bool banned) => Assert.AreEqual(banned, Banned().IsMatch(line));

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?Now\b|\bDateTime\.Today\b|\bGuid\.NewGuid\b|\bnew (System\.)?Random\b|\bRandom\.Shared\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Banned();
}
