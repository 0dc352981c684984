using TokenKit.Dapper.Dialects;
using TokenKit.Dapper.Schema;

namespace TokenKit.Dapper.Tests.Schema;

/// <summary>Steps of a library to come: the one after this.</summary>
internal static class NextVersion
{
    public const int Number = 3;

    /// <summary>A column and an index: an older library runs on it. PostgreSQL builds the index while the table is in use.</summary>
    public static IReadOnlyList<Migration> ThatAdds(SqlDialect dialect) => Of(dialect, dialect.Name == "Sqlite"
        ? """
          ALTER TABLE "tokenkit_token" ADD COLUMN note TEXT NULL;

          CREATE INDEX IF NOT EXISTS "tokenkit_token_note"
              ON "tokenkit_token" (note) WHERE note IS NOT NULL;

          UPDATE "tokenkit_schema" SET version = 3 WHERE id = 1 AND version < 3;
          """
        : """
          ALTER TABLE "tokenkit_token" ADD COLUMN IF NOT EXISTS note text NULL;

          -- outside the transaction
          CREATE INDEX CONCURRENTLY IF NOT EXISTS "tokenkit_token_note"
              ON "tokenkit_token" (note, realm);

          -- inside the transaction
          UPDATE "tokenkit_schema" SET version = 3 WHERE id = 1 AND version < 3;
          """);

    /// <summary>Something that an older library cannot run on.</summary>
    public static IReadOnlyList<Migration> ThatRaises(SqlDialect dialect) =>
        Of(dialect, """UPDATE "tokenkit_schema" SET version = 3, readable_by = 3 WHERE id = 1 AND version < 3;""");

    /// <summary>A script of the test's own.</summary>
    public static IReadOnlyList<Migration> Of(SqlDialect dialect, string script) => [Migration.From("V003_Next.sql", script, dialect.Tables)];
}
