using System.Reflection;

namespace TokenKit.Conventions.Tests;

/// <summary>The packages whose conventions are tested, and where the repository lies.</summary>
internal static class Packages
{
    public static IEnumerable<string> Names { get; } =
    [
        "TokenKit", "TokenKit.AspNetCore", "TokenKit.Dapper", "TokenKit.Konscious", "TokenKit.PostgreSql", "TokenKit.Sqlite", "TokenKit.SqlServer",
    ];

    /// <summary>The folder with the solution.</summary>
    public static string Root { get; } = FindRoot(new DirectoryInfo(AppContext.BaseDirectory));

    public static IEnumerable<Type> PublicTypes(string package) => Assembly.Load(package).GetExportedTypes();

    private static string FindRoot(DirectoryInfo folder) =>
        File.Exists(Path.Combine(folder.FullName, "TokenKit.sln"))
            ? folder.FullName
            : FindRoot(folder.Parent ?? throw new InvalidOperationException("These tests run inside a clone of the repository."));
}
