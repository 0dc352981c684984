namespace TokenKit.SampleHost;

/// <summary>The realms of the sample.</summary>
internal static class SampleHostRealms
{
    public const string VirtuousAI = "virtuousai";
}

/// <summary>What the command line says: <c>--urls</c>, <c>--database</c> and <c>--bootstrap-file</c>.</summary>
internal sealed record SampleOptions(string Urls, string Database, string BootstrapFile)
{
    public static SampleOptions From(IConfiguration configuration)
    {
        string database = Path.GetFullPath(configuration["database"] ?? "tokenkit-sample.db");
        return new SampleOptions(
            configuration["urls"] ?? "http://127.0.0.1:5080",
            database,
            Path.GetFullPath(configuration["bootstrap-file"] ?? $"{database}.bootstrap.json"));
    }
}
