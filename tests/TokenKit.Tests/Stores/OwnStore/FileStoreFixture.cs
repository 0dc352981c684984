using Acme;
using TokenKit.StoreConformance;
using TokenKit.Stores;

namespace TokenKit.Tests.Stores.OwnStore;

/// <summary>A file of its own, removed at the end. Only one process opens it, so another instance is the same.</summary>
internal sealed class FileStoreFixture : IStoreFixture
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tokenkit-");
    private FileTokenStore _store;

    public FileStoreFixture() => _store = Open();

    private string File => Path.Combine(_folder.FullName, "tokens.jsonl");

    public Task<ITokenStore> CreateAsync() => Task.FromResult<ITokenStore>(_store);

    public Task<ITokenStore> OpenAnotherAsync() => Task.FromResult<ITokenStore>(_store);

    /// <summary>Closes the store and opens it again, as another process does after a crash in the middle of a line.</summary>
    public ITokenStore Reopen(string halfALine)
    {
        _store.Dispose();
        System.IO.File.AppendAllText(File, halfALine);
        _store = Open();
        return _store;
    }

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private FileTokenStore Open() => new(File);
}
