using System.Text.RegularExpressions;
using TokenKit.SampleHost.Tests.Hosting;

namespace TokenKit.SampleHost.Tests;

[TestClass]
public sealed partial class ReadmeTests
{
    private const string Published = "https://github.com/tokenkit/tokenkit/blob/main/";

    private static readonly string Readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    private static readonly string[] CompiledPrograms = ["samples/TokenKit.QuickStart/Program.cs", "tests/TokenKit.Floors/Program.cs", "tests/TokenKit.Conventions.Tests/PackageReadmeCode.cs"];

    public static IEnumerable<string> PackageReadmes =>
        Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(package => $"src/{Path.GetFileName(package)}/README.md");

    [TestMethod]
    public void Readme_CodeOfAHost_IsTheSampleThatIsCompiled()
    {
        string code = CodeBlock().Match(Readme).Groups[1].Value;
        Assert.AreEqual(File.ReadAllText(Path.Combine(Repository.Root, "samples/TokenKit.QuickStart/Program.cs")), code);
    }

    [TestMethod]
    public void Readme_Links_LeadToFiles()
    {
        string[] targets = [.. Link().Matches(Readme).Select(match => match.Groups[1].Value).Where(target => !target.StartsWith("http", StringComparison.Ordinal))];
        Assert.IsNotEmpty(targets);
        foreach (string target in targets)
        {
            Assert.IsTrue(File.Exists(Path.Combine(Repository.Root, target)), target);
        }
    }

    [TestMethod]
    [DynamicData(nameof(PackageReadmes))]
    public void PackageReadme_Code_StandsInProgramsThatAreCompiled(string readme)
    {
        HashSet<string> compiled = [.. CompiledPrograms.SelectMany(program => File.ReadLines(Path.Combine(Repository.Root, program))).Select(line => line.Trim())];
        string[] code = CodeBlock().Match(File.ReadAllText(Path.Combine(Repository.Root, readme))).Groups[1].Value.Split('\n', StringSplitOptions.TrimEntries);
        Assert.IsNotEmpty(code);
        foreach (string line in code)
        {
            Assert.Contains(line, compiled);
        }
    }

    [TestMethod]
    [DynamicData(nameof(PackageReadmes))]
    public void PackageReadme_Links_LeadToFilesOfTheRepository(string readme)
    {
        string[] targets = [.. Link().Matches(File.ReadAllText(Path.Combine(Repository.Root, readme))).Select(match => match.Groups[1].Value)];
        Assert.IsNotEmpty(targets);
        foreach (string target in targets)
        {
            // A package's page has no files beside it, so its links are whole.
            Assert.StartsWith(Published, target);
            Assert.IsTrue(File.Exists(Path.Combine(Repository.Root, target[Published.Length..])), target);
        }
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\]\(([^)#]+)")]
    private static partial Regex Link();
}
