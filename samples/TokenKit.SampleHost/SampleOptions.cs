using Microsoft.Data.Sqlite;

namespace TokenKit.SampleHost;

/// <summary>The realms of the sample: one for each token API.</summary>
internal static class SampleHostRealms
{
    public const string Amove = "amove";
    public const string Canvus = "canvus";
    public const string Query = "query";
    public const string VirtuousAI = "virtuousai";

    public static readonly string[] All = [Amove, Canvus, Query, VirtuousAI];
}

/// <summary>Whose Argon2id hashes the tokens of the sample.</summary>
internal enum SampleHasher
{
    /// <summary>TokenKit's own.</summary>
    TokenKit,

    /// <summary>The one of the package Konscious.Security.Cryptography.Argon2.</summary>
    Konscious,
}

/// <summary>What the command line says: <c>--urls</c>, <c>--database</c>, <c>--bootstrap-file</c>, <c>--hasher</c> and <c>--streams</c> per caller.</summary>
internal sealed record SampleOptions(string Urls, string Database, string BootstrapFile, SampleHasher Hasher, int? Streams)
{
    /// <summary>Where users and tokens are.</summary>
    public string ConnectionString => new SqliteConnectionStringBuilder { DataSource = Database }.ToString();

    /// <summary>The key that signs the sample's own JWTs.</summary>
    public string JwtKeyFile => $"{Database}.jwt-key";

    /// <summary>The folder with the keys that encrypt recoverable copies.</summary>
    public string KeyRing => $"{Database}.keys";

    public static SampleOptions From(IConfiguration configuration)
    {
        string database = Path.GetFullPath(configuration["database"] ?? "tokenkit-sample.db");
        return new SampleOptions(
            configuration["urls"] ?? "http://127.0.0.1:5080",
            database,
            Path.GetFullPath(configuration["bootstrap-file"] ?? $"{database}.bootstrap.json"),
            configuration.GetValue("hasher", SampleHasher.TokenKit),
            configuration.GetValue<int?>("streams"));
    }
}
