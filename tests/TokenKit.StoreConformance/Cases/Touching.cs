using TokenKit.Stores;

namespace TokenKit.StoreConformance.Cases;

/// <summary>Last use moves forward only, and is no change.</summary>
internal static class Touching
{
    public static IReadOnlyList<StoreCase> Cases { get; } =
    [
        StoreCase.Of(Touching_Newer_MovesLastUseOnly),
        StoreCase.Of(Touching_OlderOrEqual_ChangesNothing),
        StoreCase.Of(Touching_UnknownIds_ArePassedOver),
        StoreCase.Of(Touching_NoUses_ChangesNothing),
        StoreCase.Of(Touching_ThousandAtOnce_MovesAll),
        StoreCase.Of(Touching_EightWritersAtOnce_LatestStays),
        StoreCase.Of(Touching_WhileTokenChanges_LatestStays),
        StoreCase.Of(Touching_SinceItWasRead_LetsUpdateThrough),
    ];

    private static async Task Touching_Newer_MovesLastUseOnly(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken[] rows = await scene.AddAsync(scene.FullRow(), scene.Row(), scene.Row());

        Expect.Equal(2, await scene.BatchAsync(Uses((rows[0], Scene.At(7)), (rows[1], Scene.At(8).AddMicroseconds(1)))), "touched tokens");

        await scene.ExpectUnchangedAsync(rows[0] with { LastUsedAt = Scene.At(7) });
        await scene.ExpectUnchangedAsync(rows[1] with { LastUsedAt = Scene.At(8).AddMicroseconds(1) });
        await scene.ExpectUnchangedAsync(rows[2]);
    }

    private static async Task Touching_OlderOrEqual_ChangesNothing(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.Row() with { LastUsedAt = Scene.At(7) });

        Expect.Equal(0, await scene.BatchAsync(Uses((row, Scene.At(7)))), "tokens touched at the instant that they hold");
        Expect.Equal(0, await scene.BatchAsync(Uses((row, Scene.At(7).AddMicroseconds(-1)))), "tokens touched a microsecond before that");
        await scene.ExpectUnchangedAsync(row);

        Expect.Equal(1, await scene.BatchAsync(Uses((row, Scene.At(7).AddMicroseconds(1)))), "tokens touched a microsecond after that");
    }

    private static async Task Touching_UnknownIds_ArePassedOver(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.Row());
        StoredToken unknown = scene.Row();

        Expect.Equal(1, await scene.BatchAsync(Uses((unknown, Scene.At(1)), (row, Scene.At(1)), (scene.Row(), Scene.At(1)))), "touched tokens among unknown ids");
        await scene.ExpectUnchangedAsync(row with { LastUsedAt = Scene.At(1) });
        Expect.That(await scene.FindAsync(unknown.Id) is null, "touching an unknown id adds nothing");
    }

    private static async Task Touching_NoUses_ChangesNothing(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.Row());
        Expect.Equal(0, await scene.BatchAsync(new TokenBatch.Touch([])), "tokens touched by no use");
        await scene.ExpectUnchangedAsync(row);
    }

    private static async Task Touching_ThousandAtOnce_MovesAll(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken[] rows = await scene.AddAsync(Enumerable.Range(0, TokenBatch.MaximumSize).Select(_ => scene.Row()));

        TokenBatch.Touch batch = Uses([.. rows.Select((row, number) => (row, Scene.At(number + 1)))]);
        Expect.Equal(rows.Length, await scene.BatchAsync(batch), "touched tokens");

        TokenPage page = await scene.ListAsync(new TokenQuery(Scene.Realm, SubjectFilter.Any) { Limit = TokenQuery.MaximumLimit });
        var held = page.Tokens.ToDictionary(row => row.Id, row => row.LastUsedAt);
        foreach (TokenUse use in batch.Uses)
        {
            Expect.Equal(use.UsedAt, held[use.Id], "last use of each of a thousand tokens");
        }

        Expect.Equal(0, await scene.BatchAsync(batch), "tokens touched by the same batch again");
    }

    private static async Task Touching_EightWritersAtOnce_LatestStays(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenSharedAsync(fixture);
        StoredToken[] rows = await scene.AddAsync(scene.Row(), scene.Row(), scene.Row());
        await Together.RunAsync(Together.Writers, async writer =>
        {
            // Half of the writers name the tokens in the opposite order.
            IEnumerable<StoredToken> order = writer % 4 < 2 ? rows : rows.Reverse();
            return await scene.StoreOf(writer).CommitBatchAsync(Uses([.. order.Select(row => (row, Scene.At(writer)))]), CancellationToken.None);
        });

        foreach (StoredToken row in rows)
        {
            await scene.ExpectUnchangedAsync(row with { LastUsedAt = Scene.At(Together.Writers - 1) });
        }
    }

    private static async Task Touching_WhileTokenChanges_LatestStays(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenSharedAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.Row());
        bool isDone = false;
        await Together.RunAsync(2, async worker =>
        {
            if (worker > 0)
            {
                try
                {
                    for (int count = 0; count < 25; count++)
                    {
                        TokenChange.Update rename = new(Scene.Clock(1), row, TokenActor.Host) { Name = $"{count}" };
                        Expect.Done(await scene.StoreOf(worker).CommitAsync(rename, CancellationToken.None));
                    }

                    return 0;
                }
                finally
                {
                    Volatile.Write(ref isDone, true);
                }
            }

            for (int second = 1; !Volatile.Read(ref isDone); second++)
            {
                Expect.Equal(1, await scene.BatchAsync(Uses((row, Scene.At(second)))), "tokens touched while they change");
                Expect.Equal(Scene.At(second), (await scene.ReadAsync(row.Id)).LastUsedAt, "last use of a token that changes");
            }

            return 0;
        });
    }

    private static async Task Touching_SinceItWasRead_LetsUpdateThrough(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.Row());
        await scene.BatchAsync(Uses((row, Scene.At(1))));
        Expect.Done(await scene.CommitAsync(scene.Update(row with { Name = "renamed" }, now: 2)));
    }

    private static TokenBatch.Touch Uses(params (StoredToken Row, DateTimeOffset At)[] uses) => new([.. uses.Select(use => new TokenUse(use.Row.Id, use.At))]);
}
