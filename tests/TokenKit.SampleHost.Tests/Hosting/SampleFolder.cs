namespace TokenKit.SampleHost.Tests.Hosting;

/// <summary>A folder of one test, for a database and a bootstrap file. It goes with the test.</summary>
internal sealed class SampleFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tokenkit-sample-").FullName;

    // A space and a quote, because people have those in paths.
    public string Database => System.IO.Path.Combine(Path, "it's tokens.db");

    public string JwtKey => $"{Database}.jwt-key";

    public string KeyRing => $"{Database}.keys";

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
