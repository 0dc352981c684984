namespace TokenKit.Dapper.Dialects.Sqlite;

/// <summary>What SQLite's errors mean.</summary>
/// <remarks>
/// Recognised by SQLite's own texts, which every driver passes on and no culture translates: drivers have no result code in common, and
/// this library references none of them.
/// </remarks>
internal static class SqliteErrors
{
    private const string Locked = "is locked";

    private static readonly (string Text, string Meaning)[] Meanings =
    [
        (Locked, $"another connection kept the database locked for {SqliteDialect.BusySeconds} seconds"),
        ("readonly database", "the database file, the file -wal or -shm beside it, or their directory cannot be written; those two may belong to another user"),
        ("no such table", "the database has no TokenKit tables; create them with TokenKitSchema.MigrateAsync"),
        ("no such column", "the schema is not the one this library needs; bring it up to date with TokenKitSchema.MigrateAsync"),
        ("no column named", "the schema is not the one this library needs; bring it up to date with TokenKitSchema.MigrateAsync"),
        ("no such function", "this SQLite is too old; version 3.41 or newer is needed"),
        ("unable to open database file", "the database file cannot be opened"),
        ("disk is full", "the disk is full"),
        ("disk I/O error", "reading or writing the database file failed"),
        ("is malformed", "the database file is damaged"),
        ("not a database", "the file is not an SQLite database"),
    ];

    public static bool IsUniqueViolation(Exception exception) =>
        exception.Message.Contains("UNIQUE constraint failed", StringComparison.Ordinal);

    public static bool IsLocked(Exception exception) => exception.Message.Contains(Locked, StringComparison.Ordinal);

    public static string Explain(Exception exception) =>
        Array.Find(Meanings, known => exception.Message.Contains(known.Text, StringComparison.Ordinal)).Meaning
        ?? "the database reported an error, which is the inner exception";
}
