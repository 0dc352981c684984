using System.Text.RegularExpressions;

namespace TokenKit.Conventions.Tests;

/// <summary>Which folders of TokenKit.AspNetCore know which others. A namespace does not tell, since what hosts write has one for all folders.</summary>
[TestClass]
public sealed partial class FolderTests
{
    private const string Package = "TokenKit.AspNetCore";
    private const string Products = "TokenApis/";

    private static readonly Dictionary<string, string[]> Known = new(StringComparer.Ordinal)
    {
        ["Diagnostics"] = [],
        ["Recovery"] = [],
        ["Authentication"] = ["Diagnostics"],
        ["Authorization"] = ["Authentication", "Diagnostics"],
        ["TokenApis"] = ["Authentication", "Authorization", "Diagnostics", "Recovery"],
    };

    // The two files that name all products, for hosts.
    private static readonly string[] Doors = ["TokenApiBuilderExtensions.cs", "TokenApiEndpointExtensions.cs"];

    [TestMethod]
    public void Folder_OfThePackage_KnowsOnlyThoseBelowIt()
    {
        SourceFile[] files = ReadAll();
        string[] found =
        [
            .. from file in files
               from other in files
               where file.Room != other.Room && !Known[file.Room].Contains(other.Room)
               from type in other.Types
               where file.Mentions(type)
               select $"{file.Path}: {type} of {other.Room}",
        ];

        CollectionAssert.AreEquivalent(Known.Keys, files.Select(static file => file.Room).Distinct().ToArray());
        Assert.IsEmpty(found, string.Join(", ", found));
    }

    [TestMethod]
    public void Product_OfTheTokenApis_IsKnownToNoOtherAndNotToWhatTheyShare()
    {
        SourceFile[] files = [.. ReadAll().Where(static file => file.Room == "TokenApis" && !Doors.Contains(Path.GetFileName(file.Path)))];
        string[] products = [.. files.Select(static file => file.Product).Where(static product => product.Length > 0).Distinct()];
        string[] found =
        [
            .. from file in files
               from product in products
               where file.Product != product && file.Code.Contains($"{Package}.TokenApis.{product}", StringComparison.Ordinal)
               select $"{file.Path}: {product}",
        ];

        Assert.HasCount(4, products);
        Assert.IsEmpty(found, string.Join(", ", found));
    }

    [TestMethod]
    [DataRow("x = new Thing();", true)]
    [DataRow("using TokenKit.AspNetCore.Thing;", true)]
    [DataRow("// Thing", false)]
    [DataRow("/// <see cref=\"Thing\"/>", false)]
    [DataRow("Things", false)]
    public void Mention_InALine_IsFound(string line, bool isMentioned) =>
        Assert.AreEqual(isMentioned, new SourceFile("a.cs", "Room", "", line).Mentions("Thing"));

    private static SourceFile[] ReadAll()
    {
        string root = Path.Combine(Packages.Root, "src", Package);
        return
        [
            .. from file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
               let path = Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/')
               where path.Contains('/', StringComparison.Ordinal) && path.Split('/')[0] is not ("bin" or "obj")
               select new SourceFile(path, path.Split('/')[0], ProductOf(path), File.ReadAllText(file)),
        ];
    }

    private static string ProductOf(string path) => path.StartsWith(Products, StringComparison.Ordinal) && path.Split('/') is [_, var product, _, ..] ? product : "";

    [GeneratedRegex(@"//.*", RegexOptions.None, 1000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^(?:public|internal)[\w ]* (?:class|record|struct|interface|enum) (\w+)|^(?:public|internal) delegate \S+ (\w+)", RegexOptions.Multiline, 1000)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\w+", RegexOptions.None, 1000)]
    private static partial Regex Word();

    private sealed record SourceFile(string Path, string Room, string Product, string Text)
    {
        private readonly HashSet<string> _words = [.. Word().Matches(Comment().Replace(Text, "")).Select(static match => match.Value)];

        public string Code { get; } = Comment().Replace(Text, "");

        public string[] Types { get; } = [.. Declaration().Matches(Text).Select(static match => match.Groups[1].Value + match.Groups[2].Value)];

        public bool Mentions(string word) => _words.Contains(word);
    }
}
