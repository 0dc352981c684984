using System.Reflection;

namespace TokenKit.Conventions.Tests;

/// <summary>The packages whose conventions are tested, and where their sources are.</summary>
internal static class Packages
{
    public static IEnumerable<string> Names { get; } = ["TokenKit", "TokenKit.AspNetCore", "TokenKit.Dapper"];

    /// <summary>The folder with the solution.</summary>
    public static string Root { get; } = FindRoot(new DirectoryInfo(AppContext.BaseDirectory));

    public static IEnumerable<Type> PublicTypes(string package) => Assembly.Load(package).GetExportedTypes();

    public static IEnumerable<string> SourceFiles(string package) =>
        Directory.EnumerateFiles(Path.Combine(Root, "src", package), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));

    private static string FindRoot(DirectoryInfo folder) =>
        File.Exists(Path.Combine(folder.FullName, "TokenKit.sln"))
            ? folder.FullName
            : FindRoot(folder.Parent ?? throw new InvalidOperationException("These tests run inside a clone of the repository."));
}
