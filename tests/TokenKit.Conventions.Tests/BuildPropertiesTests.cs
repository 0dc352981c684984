using System.Diagnostics;

namespace TokenKit.Conventions.Tests;

/// <summary>A checkout may lie in any folder: the build's properties do not depend on its path.</summary>
[TestClass]
public sealed class BuildPropertiesTests
{
    [TestMethod]
    [DataRow("src", false)]
    [DataRow("tests", true)]
    [DataRow("samples", true)]
    [DataRow("benchmarks", true)]
    [Timeout(120_000)]
    public async Task UndocumentedMember_InACheckoutBelowAFolderNamedSrc_IsAllowedOutsidePackages(string part, bool allowed)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("tokenkit-");
        try
        {
            string checkout = Path.Combine(folder.FullName, "src", "tokenkit");
            foreach (string file in new[] { "Directory.Build.props", Path.Combine(part, "Directory.Build.props") })
            {
                string copy = Path.Combine(checkout, file);
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(Path.Combine(Packages.Root, file), copy);
            }

            string project = Path.Combine(checkout, part, "Any.csproj");
            await File.WriteAllTextAsync(project, """<Project Sdk="Microsoft.NET.Sdk" />""");

            string[] ignored = (await EvaluateAsync(project, "NoWarn")).Split([';', '\n'], StringSplitOptions.TrimEntries);
            Assert.AreEqual(allowed, ignored.Contains("CS1591", StringComparer.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> EvaluateAsync(string project, string property)
    {
        using Process msbuild = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList = { "msbuild", project, $"-getProperty:{property}" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = msbuild.StandardError.ReadToEndAsync();
        string output = await msbuild.StandardOutput.ReadToEndAsync();
        await msbuild.WaitForExitAsync();
        Assert.AreEqual(0, msbuild.ExitCode, output + await errors);
        return output;
    }
}
