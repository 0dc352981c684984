namespace TokenKit.Dapper.Schema;

/// <summary>What of a step runs together: statements in the transaction of the migration, or one statement outside of it.</summary>
/// <param name="Sql">The statements.</param>
/// <param name="IsInTransaction">Whether they run in the transaction.</param>
internal sealed record MigrationPart(string Sql, bool IsInTransaction)
{
    /// <summary>The line before a statement that no transaction may contain, such as <c>CREATE INDEX CONCURRENTLY</c>.</summary>
    private const string Outside = "-- outside the transaction";

    /// <summary>The line before statements in the transaction, where others come first.</summary>
    private const string Inside = "-- inside the transaction";

    /// <summary>The parts of a script, which begins in the transaction.</summary>
    public static IReadOnlyList<MigrationPart> AllOf(string script)
    {
        List<MigrationPart> parts = [];
        List<string> lines = [];
        bool isInTransaction = true;
        foreach (string line in (string[])[.. script.Split('\n'), Inside])
        {
            if (line is Outside or Inside)
            {
                Add();
                isInTransaction = string.Equals(line, Inside, StringComparison.Ordinal);
            }
            else
            {
                lines.Add(line);
            }
        }

        return parts;

        void Add()
        {
            string sql = string.Join('\n', lines).Trim();
            lines.Clear();
            if (sql.Length > 0)
            {
                parts.Add(new MigrationPart(sql, isInTransaction));
            }
        }
    }
}
