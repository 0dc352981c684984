using TokenKit.StoreConformance;

namespace TokenKit.Dapper.SqlServer.Tests;

/// <summary>The store conformance suite, over the SQL Server that TOKENKIT_TEST_SQLSERVER names, or whatever speaks its protocol.</summary>
[TestClass]
public sealed class SqlServerStoreConformanceTests
{
    public static IEnumerable<object[]> Names => StoreCases.All.Select(storeCase => new object[] { storeCase.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public async Task SqlServerStore_Case_Passes(string name)
    {
        await using SqlServerStoreFixture fixture = new();
        await StoreCases.All.Single(storeCase => storeCase.Name == name).Run(fixture);
    }
}
