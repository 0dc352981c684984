using TokenKit.Stores;

namespace TokenKit.StoreConformance.Cases;

/// <summary>The store numbers its rows in the order in which they came, and no number twice.</summary>
internal static class Sequences
{
    public static IReadOnlyList<StoreCase> Cases { get; } =
    [
        StoreCase.Of(Sequence_RowsOneAfterAnother_Increases),
        StoreCase.Of(Sequence_GivenByCaller_IsIgnored),
        StoreCase.Of(Sequence_RowChanged_Stays),
        StoreCase.Of(Sequence_EightWritersAtOnce_IsNeverShared),
        StoreCase.Of(Sequence_NewestRowDeleted_IsNotUsedAgain),
        StoreCase.Of(Sequence_NewestRowPurged_IsNotUsedAgain),
    ];

    private static async Task Sequence_RowsOneAfterAnother_Increases(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenSharedAsync(fixture);
        long last = 0;
        for (int round = 0; round < 10; round++)
        {
            // Neither subject, realm nor the row's own time has a say in it.
            StoredToken row = scene.Row(-round, subject: $"{round % 2}") with { Realm = $"realm {round % 3}" };
            StoredToken added = Expect.Done(await scene.StoreOf(round).CommitAsync(scene.Issue(row), CancellationToken.None));
            Expect.That(added.Sequence > last, $"a later row has a greater sequence: expected more than {last}, got {added.Sequence}");
            last = added.Sequence;
        }
    }

    private static async Task Sequence_GivenByCaller_IsIgnored(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken first = await scene.AddAsync(scene.Row());
        StoredToken second = await scene.AddAsync(scene.Row() with { Sequence = first.Sequence });
        Expect.That(second.Sequence > first.Sequence, $"the store assigns the sequence: expected more than {first.Sequence}, got {second.Sequence}");
    }

    private static async Task Sequence_RowChanged_Stays(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken first = await scene.AddAsync(scene.Row());
        await scene.AddAsync(scene.Row());

        StoredToken updated = Expect.Done(await scene.CommitAsync(scene.Update(first with { Name = "other" })));
        StoredToken revoked = Expect.Done(await scene.CommitAsync(scene.Revoke(first)));
        Expect.Sequence([first.Sequence, first.Sequence], [updated.Sequence, revoked.Sequence], "sequence after update and revoke");
    }

    private static async Task Sequence_EightWritersAtOnce_IsNeverShared(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenSharedAsync(fixture);
        long[][] sequences = await Together.RunAsync(Together.Writers, async writer =>
        {
            List<long> own = [];
            for (int round = 0; round < 5; round++)
            {
                own.Add(Expect.Done(await scene.StoreOf(writer).CommitAsync(scene.Issue(scene.Row()), CancellationToken.None)).Sequence);
            }

            return own.ToArray();
        });

        long[] all = [.. sequences.SelectMany(own => own)];
        Expect.Equal(all.Length, all.Distinct().Count(), "different sequences of as many rows");
        Expect.That(sequences.All(own => own.SequenceEqual(own.Order())), "each writer sees its own rows numbered in ascending order");
    }

    private static async Task Sequence_NewestRowDeleted_IsNotUsedAgain(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken newest = (await scene.AddAsync(scene.Row(), scene.Row()))[^1];
        Expect.Outcome(CommitOutcome.Done, await scene.CommitAsync(scene.Delete(newest)));
        await ExpectNextIsGreaterAsync(scene, newest);
    }

    private static async Task Sequence_NewestRowPurged_IsNotUsedAgain(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken newest = await scene.AddAsync(scene.Row() with { ExpiresAt = Scene.At(1) });
        Expect.Equal(1, await scene.BatchAsync(Scene.Purge(Scene.At(2))), "purged rows");
        await ExpectNextIsGreaterAsync(scene, newest);
    }

    private static async Task ExpectNextIsGreaterAsync(Scene scene, StoredToken gone)
    {
        StoredToken next = await scene.AddAsync(scene.Row());
        Expect.That(next.Sequence > gone.Sequence, $"a sequence is used once: expected more than {gone.Sequence}, got {next.Sequence}");
    }
}
