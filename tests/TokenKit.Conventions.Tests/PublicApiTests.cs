namespace TokenKit.Conventions.Tests;

/// <summary>
/// The public API of each package is what <c>PublicApi/&lt;Package&gt;.txt</c> says. A change of it is a decision: run the tests once with the
/// environment variable <c>TOKENKIT_APPROVE_API=1</c>, and commit the new text with the code.
/// </summary>
[TestClass]
public sealed class PublicApiTests
{
    private const string Approve = "TOKENKIT_APPROVE_API";

    [TestMethod]
    [DynamicData(nameof(Packages.Names), typeof(Packages))]
    public void PublicApi_OfAPackage_IsAsApproved(string package)
    {
        string file = Path.Combine(Packages.Root, "tests", "TokenKit.Conventions.Tests", "PublicApi", $"{package}.txt");
        string api = ApiText.Of(package);
        if (Environment.GetEnvironmentVariable(Approve) == "1")
        {
            File.WriteAllText(file, api);
        }

        string approved = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        string[] added = [.. api.Split('\n').Except(approved.Split('\n'), StringComparer.Ordinal)];
        string[] removed = [.. approved.Split('\n').Except(api.Split('\n'), StringComparer.Ordinal)];
        Assert.IsTrue(
            string.Equals(approved, api, StringComparison.Ordinal),
            $"The public API of {package} changed. If that is meant, run these tests once with {Approve}=1.\nNew:\n{string.Join('\n', added)}\nGone:\n{string.Join('\n', removed)}");
    }
}
