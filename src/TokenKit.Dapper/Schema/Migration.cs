using System.Globalization;
using System.Reflection;
using TokenKit.Dapper.Dialects;

namespace TokenKit.Dapper.Schema;

/// <summary>One step of the schema: the script <c>Dialects/{dialect}/Migrations/V00N_What.sql</c>, for the tables of a store.</summary>
/// <remarks>
/// Within a major version a step only adds, so that an older library still runs; a step that it cannot run on raises <c>readable_by</c>.
/// Each part can be run again, but for SQLite, where all of a step is one transaction. The last part sets the version.
/// </remarks>
/// <param name="Version">The version that it leads to.</param>
/// <param name="Name">The name of the file.</param>
/// <param name="Parts">Its statements, in order.</param>
internal sealed record Migration(int Version, string Name, IReadOnlyList<MigrationPart> Parts)
{
    /// <summary>The steps of a dialect, in order.</summary>
    public static IReadOnlyList<Migration> AllOf(SqlDialect dialect)
    {
        string folder = $"TokenKit.Dapper.Dialects.{dialect.Name}.Migrations.";
        Assembly assembly = typeof(Migration).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(folder, StringComparison.Ordinal))
            .Select(resource => From(resource[folder.Length..], Read(assembly, resource), dialect.Tables))
            .OrderBy(migration => migration.Version)];
    }

    /// <summary>The step in a file, named <c>V00N_What.sql</c> and written for tables with the default prefix.</summary>
    public static Migration From(string name, string script, TableNames tables) => new(
        int.Parse(name.AsSpan(1, 3), NumberStyles.None, CultureInfo.InvariantCulture), name, MigrationPart.AllOf(tables.PutInto(script)));

    private static string Read(Assembly assembly, string resource)
    {
        using Stream stream = assembly.GetManifestResourceStream(resource)!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
