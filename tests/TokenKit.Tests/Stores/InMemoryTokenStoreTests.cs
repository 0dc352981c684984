using TokenKit.StoreConformance;
using TokenKit.Stores;

namespace TokenKit.Tests.Stores;

/// <summary>The store conformance suite, over the store in memory.</summary>
[TestClass]
public sealed class InMemoryTokenStoreTests
{
    public static IEnumerable<object[]> Names => StoreCases.All.Select(storeCase => new object[] { storeCase.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public async Task InMemoryTokenStore_Case_Passes(string name)
    {
        await using InMemoryStoreFixture fixture = new(new InMemoryTokenStore());
        await StoreCases.All.Single(storeCase => storeCase.Name == name).Run(fixture);
    }
}
