using System.Text.RegularExpressions;
using TokenKit.SampleHost.Tests.Hosting;

namespace TokenKit.SampleHost.Tests;

[TestClass]
public sealed partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

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

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\]\(([^)#]+)")]
    private static partial Regex Link();
}
