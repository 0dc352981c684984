using System.Globalization;
using System.Reflection;
using TokenKit.Dapper.Dialects;

namespace TokenKit.Dapper.Schema;

/// <summary>One step of the schema: the script <c>Dialects/{dialect}/Migrations/V00N_What.sql</c>, for the tables of a store.</summary>
/// <param name="Version">The version that it leads to.</param>
/// <param name="Name">The name of the file.</param>
/// <param name="Script">The statements.</param>
internal sealed record Migration(int Version, string Name, string Script)
{
    /// <summary>The steps of a dialect, in order.</summary>
    public static IReadOnlyList<Migration> AllOf(SqlDialect dialect)
    {
        string folder = $"TokenKit.Dapper.Dialects.{dialect.Name}.Migrations.";
        Assembly assembly = typeof(Migration).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(folder, StringComparison.Ordinal))
            .Select(resource => Read(assembly, resource, resource[folder.Length..], dialect.Tables))
            .OrderBy(migration => migration.Version)];
    }

    private static Migration Read(Assembly assembly, string resource, string name, TableNames tables)
    {
        using Stream stream = assembly.GetManifestResourceStream(resource)!;
        using StreamReader reader = new(stream);
        return new Migration(int.Parse(name.AsSpan(1, 3), NumberStyles.None, CultureInfo.InvariantCulture), name, tables.PutInto(reader.ReadToEnd()));
    }
}
