using TokenKit.Stores;

namespace TokenKit.StoreConformance.Cases;

/// <summary>Recoverable copies are erased where they are named, and nothing else changes.</summary>
internal static class Erasing
{
    public static IReadOnlyList<StoreCase> Cases { get; } =
    [
        StoreCase.Of(Erasing_Copies_LeavesTheRestOfTheRow),
        StoreCase.Of(Erasing_IdsWithoutRowOrCopy_ArePassedOver),
        StoreCase.Of(Erasing_ThousandAtOnce_ErasesAll),
        StoreCase.Of(Erasing_SinceItWasRead_LetsUpdateThrough),
    ];

    private static async Task Erasing_Copies_LeavesTheRestOfTheRow(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.FullRow());
        StoredToken other = await scene.AddAsync(WithCopy(scene.Row()));

        Expect.Equal(1, await scene.BatchAsync(new TokenBatch.EraseCopies([row.Id])), "copies erased");

        await scene.ExpectUnchangedAsync(WithoutCopy(row));
        await scene.ExpectUnchangedAsync(other);
    }

    private static async Task Erasing_IdsWithoutRowOrCopy_ArePassedOver(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(WithCopy(scene.Row()));
        StoredToken bare = await scene.AddAsync(scene.Row());
        TokenBatch.EraseCopies batch = new([scene.Row().Id, bare.Id, row.Id, scene.Row().Id]);

        Expect.Equal(1, await scene.BatchAsync(batch), "copies erased among unknown ids and rows without a copy");
        Expect.Equal(0, await scene.BatchAsync(batch), "copies erased by the same batch again");
        Expect.Equal(0, await scene.BatchAsync(new TokenBatch.EraseCopies([])), "copies erased by no id");
        await scene.ExpectUnchangedAsync(WithoutCopy(row));
        await scene.ExpectUnchangedAsync(bare);
    }

    private static async Task Erasing_ThousandAtOnce_ErasesAll(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken[] rows = await scene.AddAsync(Enumerable.Range(0, TokenBatch.MaximumSize).Select(_ => WithCopy(scene.Row())));

        Expect.Equal(rows.Length, await scene.BatchAsync(new TokenBatch.EraseCopies([.. rows.Select(row => row.Id)])), "copies erased");

        TokenPage page = await scene.ListAsync(new TokenQuery(Scene.Realm, SubjectFilter.Any) { Limit = TokenQuery.MaximumLimit });
        Expect.Equal(0, page.Tokens.Count(row => row.Secret.RecoverableCopy is not null), "copies that are left of a thousand");
    }

    private static async Task Erasing_SinceItWasRead_LetsUpdateThrough(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(WithCopy(scene.Row()));
        await scene.BatchAsync(new TokenBatch.EraseCopies([row.Id]));

        Expect.Done(await scene.CommitAsync(scene.Update(row with { Name = "changed" })));
        Expect.That((await scene.ReadAsync(row.Id)).Secret.RecoverableCopy is null, "an update brings no copy back");
    }

    private static StoredToken WithCopy(StoredToken row) => row.WithSecret(secret => secret with { RecoverableCopy = [1, 2, 3] });

    private static StoredToken WithoutCopy(StoredToken row) => row.WithSecret(secret => secret with { RecoverableCopy = null });
}
