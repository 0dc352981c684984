namespace TokenKit.LoadBenchmarks;

/// <summary>A way to authenticate, as the server offers it and the client drives it.</summary>
/// <param name="Name">Its name in the tables.</param>
/// <param name="Port">Where it listens, on 127.0.0.1.</param>
/// <param name="Credentials">What callers present as bearers, in turns; empty for nothing.</param>
/// <param name="Status">The status of every answer.</param>
internal sealed record Contender(string Name, int Port, string[] Credentials, int Status = 200)
{
    public const string Anonymous = "anonymous";
    public const string NoOp = "no-op handler";
    public const string Principal = "no-op handler, same principal";
    public const string JwtHs256 = "JwtBearer HS256";
    public const string JwtRs256 = "JwtBearer RS256";
    public const string HandSqlite = "hand-written, SQLite";
    public const string HandPostgreSql = "hand-written, PostgreSQL";
    public const string HandPlainPostgreSql = "nothing prepared: hand-written, PostgreSQL";
    public const string HandUnknownSqlite = "unknown key, hand-written, SQLite";
    public const string HandUnknownPostgreSql = "unknown key, hand-written, PostgreSQL";
    public const string Cached = "TokenKit N=5 s";
    public const string CachedUntracked = "TokenKit N=5 s, last use off";
    public const string Malformed = "malformed token, TokenKit N=5 s";
    public const string Sqlite = "TokenKit N=0, SQLite";
    public const string PostgreSql = "TokenKit N=0, PostgreSQL";
    public const string PlainPostgreSql = "nothing prepared: TokenKit N=0, PostgreSQL";
    public const string UnknownCached = "unknown id, TokenKit N=5 s, SQLite";
    public const string UnknownSqlite = "unknown id, TokenKit N=0, SQLite";
    public const string UnknownPostgreSql = "unknown id, TokenKit N=0, PostgreSQL";
    public const string Cold = "first use, TokenKit N=0, SQLite";
    public const string Bare = "one bare look-up and one bare hash";
    public const string Node = "node";
    public const string Lists = "lists";

    /// <summary>Not one of the contenders: where the server tells its own figures.</summary>
    public const string Control = "control";

    /// <summary>Hashing costs some hundred times as much as anything else here, and is not to queue up.</summary>
    public bool Hashes => Name is Cold or Bare;
}
