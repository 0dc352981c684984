using TokenKit.StoreConformance;
using TokenKit.Stores;

namespace TokenKit.Tests.Stores;

/// <summary>The conformance suite itself: it notices what is wrong, and none of its cases passes whatever a store does.</summary>
[TestClass]
public sealed class StoreCasesTests
{
    public static IEnumerable<object[]> Names => StoreCases.All.Select(storeCase => new object[] { storeCase.Name });

    public static IEnumerable<object[]> Defects => StoreDefect.All.Select(defect => new object[] { defect.Name, defect.NoticedBy });

    // Otherwise a case could fail for what all defective stores have in common.
    [TestMethod]
    [DynamicData(nameof(Names))]
    public Task StoreCase_StoreWithoutDefect_Passes(string name) => RunAsync(name, new InMemoryStoreFixture(new AlteredStore()));

    [TestMethod]
    [DynamicData(nameof(Defects))]
    public async Task StoreCase_StoreWithDefect_Fails(string defect, string noticedBy)
    {
        ITokenStore store = StoreDefect.All.Single(candidate => candidate.Name == defect).Make();
        await Assert.ThrowsExactlyAsync<StoreCaseFailedException>(() => RunAsync(noticedBy, new InMemoryStoreFixture(store)));
    }

    [TestMethod]
    public async Task StoreCase_InstancesThatDoNotSeeEachOther_Fails() =>
        await Assert.ThrowsExactlyAsync<StoreCaseFailedException>(() => RunAsync(
            "Adding_OnOneInstance_IsFoundByAnotherAtOnce",
            new InMemoryStoreFixture(new InMemoryTokenStore()) { Another = new InMemoryTokenStore() }));

    [TestMethod]
    public async Task StoreCase_StoreThatTrustsHostileSettings_Fails()
    {
        bool hostile = false;
        ITokenStore store = StoreDefects.Reading.Keeping(row => hostile ? row.WithSecret(secret => secret with { Hash = "" }) : row);
        await Assert.ThrowsExactlyAsync<StoreCaseFailedException>(() => RunAsync(
            "Environment_HostileSettings_ChangeNothing",
            new InMemoryStoreFixture(store) { Hostility = () => hostile = true }));
    }

    [TestMethod]
    public async Task StoreCases_EachOfThem_FailsForSomeDefect()
    {
        List<string> neverFailed = [];
        foreach (StoreCase storeCase in StoreCases.All)
        {
            if (!await FailsForSomeDefectAsync(storeCase))
            {
                neverFailed.Add(storeCase.Name);
            }
        }

        Assert.IsEmpty(neverFailed, string.Join(", ", neverFailed));
    }

    [TestMethod]
    public void StoreCases_Names_AreUnique() =>
        Assert.AreSequenceEqual(StoreCases.All.Select(storeCase => storeCase.Name).Distinct(), StoreCases.All.Select(storeCase => storeCase.Name));

    private static async Task<bool> FailsForSomeDefectAsync(StoreCase storeCase)
    {
        foreach (StoreDefect defect in StoreDefect.All
            .Where(defect => !defect.IsBroad || defect.NoticedBy == storeCase.Name)
            .OrderByDescending(defect => defect.NoticedBy == storeCase.Name))
        {
            try
            {
                await using InMemoryStoreFixture fixture = new(defect.Make());
                await storeCase.Run(fixture);
            }
            catch (StoreCaseFailedException)
            {
                return true;
            }
        }

        return false;
    }

    private static Task RunAsync(string name, IStoreFixture fixture) => StoreCases.All.Single(storeCase => storeCase.Name == name).Run(fixture);
}
