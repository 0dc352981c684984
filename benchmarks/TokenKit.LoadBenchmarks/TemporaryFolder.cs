namespace TokenKit.LoadBenchmarks;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tokenkit-bench-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
