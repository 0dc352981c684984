using TokenKit.StoreConformance;

namespace TokenKit.Dapper.Tests;

/// <summary>The store conformance suite, over SQLite.</summary>
[TestClass]
public sealed class SqliteStoreConformanceTests
{
    public static IEnumerable<object[]> Names => StoreCases.All.Select(storeCase => new object[] { storeCase.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public async Task SqliteStore_Case_Passes(string name)
    {
        await using SqliteStoreFixture fixture = new();
        await StoreCases.All.Single(storeCase => storeCase.Name == name).Run(fixture);
    }
}
