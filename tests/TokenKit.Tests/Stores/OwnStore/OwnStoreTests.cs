using TokenKit.StoreConformance;
using TokenKit.Stores;

namespace TokenKit.Tests.Stores.OwnStore;

/// <summary>The store that docs/stores.md shows is complete: it passes every case.</summary>
[TestClass]
public sealed class OwnStoreTests
{
    public static IEnumerable<object[]> Names => StoreCases.All.Select(storeCase => new object[] { storeCase.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public async Task FileTokenStore_Case_Passes(string name)
    {
        await using var fixture = new FileStoreFixture();
        await StoreCases.All.Single(storeCase => storeCase.Name == name).Run(fixture);
    }

    [TestMethod]
    public async Task FileTokenStore_OpenedAgain_HoldsWhatWasAnsweredAndNoHalfWrittenLine()
    {
        await using var fixture = new FileStoreFixture();
        ITokenStore store = await fixture.CreateAsync();
        var issue = new TokenChange.Issue(TimeProvider.System, Row(), TokenActor.Host);
        await store.CommitAsync(issue, CancellationToken.None);

        store = fixture.Reopen(halfALine: "{\"ChangeId\":null,\"Wri");
        Assert.AreEqual(1L, (await store.FindAsync(issue.Token.Id, CancellationToken.None))?.Sequence);
        Assert.AreEqual(0, (await store.CommitAsync(issue, CancellationToken.None)).Written);

        await store.CommitAsync(new TokenChange.Issue(TimeProvider.System, Row(), TokenActor.Host), CancellationToken.None);
        store = fixture.Reopen(halfALine: "");
        Assert.AreEqual(2L, await store.CountAsync("api", SubjectFilter.Any, CancellationToken.None));
    }

    [TestMethod]
    public void Page_AboutStores_ShowsIt()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "TokenKit.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        string code = File.ReadAllText(Path.Combine(root, "tests", "TokenKit.Tests", "Stores", "OwnStore", "FileTokenStore.cs")).Trim();
        Assert.Contains($"```csharp\n{code}\n```", File.ReadAllText(Path.Combine(root, "docs", "stores.md")));
        Assert.IsLessThanOrEqualTo(150, code.Split('\n').Length);
    }

    private static StoredToken Row() => new()
    {
        Id = Guid.CreateVersion7(),
        Realm = "api",
        Kind = "pat",
        Subject = "1000",
        Name = "CI",
        Scopes = "read",
        Secret = new StoredSecret { Hint = "acme_8fKq2", Hash = "hash" },
        CreatedAt = DateTimeOffset.UnixEpoch,
        UpdatedAt = DateTimeOffset.UnixEpoch,
    };
}
