using TokenKit.StoreConformance;
using TokenKit.Stores;

namespace TokenKit.Tests.Stores;

/// <summary>Stores in memory, perhaps each wrapped in another.</summary>
internal sealed class InMemoryStoreFixture(Func<ITokenStore, ITokenStore>? wrap = null) : IStoreFixture
{
    private readonly ITokenStore _store = wrap is null ? new InMemoryTokenStore() : wrap(new InMemoryTokenStore());

    public Task<ITokenStore> CreateAsync() => Task.FromResult(_store);

    public Task<ITokenStore> OpenAnotherAsync() => Task.FromResult(_store);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
