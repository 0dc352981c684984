using TokenKit.Stores;

namespace TokenKit.StoreConformance;

/// <summary>Gives the cases of the suite a store. Whoever writes a store implements it; each run of a case gets a fixture of its own.</summary>
public interface IStoreFixture : IAsyncDisposable
{
    /// <summary>Makes the store under test, empty. Called once by each case, before anything else but <see cref="MakeHostile"/>.</summary>
    Task<ITokenStore> CreateAsync();

    /// <summary>
    /// Opens the data of <see cref="CreateAsync"/> once more, with a store that shares nothing else with the first, as another process
    /// would. A store whose data lives and dies with the instance gives that instance again.
    /// </summary>
    Task<ITokenStore> OpenAnotherAsync();

    /// <summary>
    /// Turns every setting of the process against the store that code elsewhere in a host could turn: global type handlers of a mapper,
    /// naming conventions of a driver. It may last beyond the case. By default there is nothing to turn.
    /// </summary>
    void MakeHostile()
    {
    }
}
