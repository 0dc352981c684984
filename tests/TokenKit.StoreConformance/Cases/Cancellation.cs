using TokenKit.Stores;

namespace TokenKit.StoreConformance.Cases;

/// <summary>A call that is cancelled before it begins does nothing and harms nothing.</summary>
internal static class Cancellation
{
    private static readonly CancellationToken Cancelled = new(canceled: true);

    public static IReadOnlyList<StoreCase> Cases { get; } =
    [
        StoreCase.Of(Cancellation_BeforeReading_Throws),
        StoreCase.Of(Cancellation_BeforeChanges_WritesNothing),
        StoreCase.Of(Cancellation_BeforeBatches_WritesNothing),
        StoreCase.Of(Cancellation_ManyCalls_LeaveStoreUsable),
    ];

    private static async Task Cancellation_BeforeReading_Throws(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.Row());
        await Expect.CancelledAsync(async () => await scene.Store.FindAsync(row.Id, Cancelled), "finding a token");
        await Expect.CancelledAsync(async () => await scene.Store.ListAsync(new TokenQuery(Scene.Realm, SubjectFilter.Any), Cancelled), "listing tokens");
        await Expect.CancelledAsync(async () => await scene.Store.CountAsync(Scene.Realm, SubjectFilter.Any, Cancelled), "counting tokens");
        await scene.ExpectUnchangedAsync(row);
    }

    private static async Task Cancellation_BeforeChanges_WritesNothing(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.FullRow());
        TokenChange.Issue issue = scene.Issue(scene.Row(), limit: 5);
        TokenChange.Update update = scene.Update(row with { Name = "renamed" }, now: 1);
        TokenChange.Rehash rehash = scene.Rehash(row.WithSecret(secret => secret with { Hash = "other" }), row.Secret.Hash);
        TokenChange.Revoke revoke = scene.Revoke(row, now: 2);
        TokenChange.RevokeAll revokeAll = scene.RevokeAll(SubjectFilter.Is(row.Subject), now: 2);
        TokenChange.Delete delete = scene.Delete(row, now: 3);
        TokenChange[] changes = [issue, update, rehash, revoke, revokeAll, delete];
        foreach (TokenChange change in changes)
        {
            await Expect.CancelledAsync(async () => await scene.Store.CommitAsync(change, Cancelled), $"committing {change.GetType().Name}");
            await scene.ExpectUnchangedAsync(row);
            Expect.That(await scene.FindAsync(issue.Token.Id) is null, "a cancelled issue adds nothing");
        }

        // None of them is remembered as made.
        foreach (TokenChange change in changes)
        {
            Expect.Outcome(CommitOutcome.Done, await scene.CommitAsync(change));
        }

        Expect.That(await scene.FindAsync(issue.Token.Id) is not null, "an issue that was cancelled before is made");
        Expect.That(await scene.FindAsync(row.Id) is null, "a delete that was cancelled before is made");
    }

    private static async Task Cancellation_BeforeBatches_WritesNothing(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.FullRow() with { ExpiresAt = Scene.At(5) });
        TokenBatch[] batches =
        [
            new TokenBatch.Touch([new TokenUse(row.Id, Scene.At(9))]),
            new TokenBatch.EraseCopies([row.Id]),
            Scene.Purge(Scene.At(9)),
        ];
        foreach (TokenBatch batch in batches)
        {
            await Expect.CancelledAsync(async () => await scene.Store.CommitBatchAsync(batch, Cancelled), $"committing {batch.GetType().Name}");
            await scene.ExpectUnchangedAsync(row);
        }

        foreach (TokenBatch batch in batches)
        {
            Expect.Equal(1, await scene.BatchAsync(batch), $"tokens changed by {batch.GetType().Name}");
        }
    }

    private static async Task Cancellation_ManyCalls_LeaveStoreUsable(IStoreFixture fixture)
    {
        // More calls than a pool has connections.
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = scene.Row();
        for (int round = 0; round < 200; round++)
        {
            await Expect.CancelledAsync(async () => await scene.Store.CommitAsync(scene.Issue(row), Cancelled), "issuing a token");
            await Expect.CancelledAsync(async () => await scene.Store.FindAsync(row.Id, Cancelled), "finding a token");
        }

        await scene.AddAsync(row);
    }
}
