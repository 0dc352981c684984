using System.Text.RegularExpressions;

namespace TokenKit.Conventions.Tests;

/// <summary>The page that leads a newcomer through the code names files that exist.</summary>
[TestClass]
public sealed partial class ArchitecturePageTests
{
    [TestMethod]
    public void ArchitecturePage_FilesAndFolders_Exist()
    {
        string page = File.ReadAllText(Path.Combine(Packages.Root, "docs", "architecture.md"));
        string[] named = [.. SourcePath().Matches(page).Select(match => match.Groups["path"].Value)];
        string[] missing = [.. named.Where(path => !Path.Exists(Path.Combine(Packages.Root, path)))];
        Assert.IsGreaterThan(15, named.Length);
        Assert.IsEmpty(missing, string.Join(", ", missing));
    }

    [GeneratedRegex(@"`(?<path>src/[\w./]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SourcePath();
}
