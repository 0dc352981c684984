using TokenKit.StoreConformance;
using TokenKit.Stores;

namespace TokenKit.Tests.Stores;

/// <summary>A store that lives and dies with its instance.</summary>
internal sealed class InMemoryStoreFixture(ITokenStore store) : IStoreFixture
{
    /// <summary>What <see cref="IStoreFixture.MakeHostile"/> does.</summary>
    public Action Hostility { get; init; } = () => { };

    /// <summary>The other instance, where it is not the same.</summary>
    public ITokenStore? Another { get; init; }

    public Task<ITokenStore> CreateAsync() => Task.FromResult(store);

    public Task<ITokenStore> OpenAnotherAsync() => Task.FromResult(Another ?? store);

    public void MakeHostile() => Hostility();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
