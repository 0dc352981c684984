using TokenKit.StoreConformance;

namespace TokenKit.Dapper.Tests;

/// <summary>The store conformance suite, over PostgreSQL.</summary>
[TestClass]
public sealed class PostgreSqlStoreConformanceTests
{
    public static IEnumerable<object[]> Names => StoreCases.All.Select(storeCase => new object[] { storeCase.Name });

    [AssemblyCleanup]
    public static Task StopServerAsync() => RequiredPostgreSql.StopSharedAsync();

    [TestMethod]
    [DynamicData(nameof(Names))]
    public async Task PostgreSqlStore_Case_Passes(string name)
    {
        await using PostgreSqlStoreFixture fixture = new();
        await StoreCases.All.Single(storeCase => storeCase.Name == name).Run(fixture);
    }
}
