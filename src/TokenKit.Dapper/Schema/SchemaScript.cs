using TokenKit.Dapper.Dialects;

namespace TokenKit.Dapper.Schema;

/// <summary>Steps of the schema as one text for a database administrator.</summary>
internal static class SchemaScript
{
    public static string Print(SchemaStatements statements, IReadOnlyList<Migration> missing, int fromVersion)
    {
        if (missing.Count == 0)
        {
            return $"-- Nothing is missing from schema version {fromVersion}.\n";
        }

        (string begin, string commit) = statements.ScriptFrame;
        IEnumerable<MigrationPart> created = fromVersion == 0 ? [new MigrationPart(statements.CreateTable, IsInTransaction: true)] : [];
        MigrationPart[] parts = [.. created, .. missing.SelectMany(migration => migration.Parts)];
        List<string> lines = [statements.ScriptHead(hasPartsOutside: Array.Exists(parts, part => !part.IsInTransaction))];
        bool isInTransaction = false;
        foreach (MigrationPart part in parts)
        {
            if (part.IsInTransaction != isInTransaction)
            {
                lines.Add(part.IsInTransaction ? begin : commit);
                isInTransaction = part.IsInTransaction;
            }

            lines.Add(part.IsInTransaction ? part.Sql : statements.PrintOutside(part.Sql));
        }

        // The last part sets the version, in the transaction.
        return string.Join("\n\n", [.. lines, commit]) + "\n";
    }
}
