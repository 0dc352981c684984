using TokenKit.Stores;

namespace TokenKit.StoreConformance.Cases;

/// <summary>What ended long ago is removed in bounded steps; what lives is not.</summary>
internal static class Purging
{
    public static IReadOnlyList<StoreCase> Cases { get; } =
    [
        StoreCase.Of(Purging_EndedBefore_RemovesWhatEndedStrictlyBefore),
        StoreCase.Of(Purging_Limit_EndsWhenFewerAreRemoved),
        StoreCase.Of(Purging_MoreRevokedThanTheLimit_CountsEachStep),
        StoreCase.Of(Purging_AllRealmsAndSubjects_AreReached),
        StoreCase.Of(Purging_RemovedRows_FreeIdsAndNameKeys),
        StoreCase.Of(Purging_ChangesMadeSince_AreRemembered),
        StoreCase.Of(Purging_RecentChanges_AreRememberedWhateverTheInstant),
        StoreCase.Of(Purging_OlderChanges_AreForgotten),
        StoreCase.Of(Purging_EightTimesAtOnce_CountsEachTokenOnce),
    ];

    private static async Task Purging_EndedBefore_RemovesWhatEndedStrictlyBefore(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        DateTimeOffset before = Scene.At(10).AddMicroseconds(-1);
        StoredToken[] ended = await scene.AddAsync(
            scene.Row() with { RevokedAt = before },
            scene.Row() with { ExpiresAt = before },
            scene.Row() with { ExpiresAt = before, RevokedAt = Scene.At(20) },
            scene.Row() with { ExpiresAt = Scene.At(20), RevokedAt = before },
            scene.Row() with { ExpiresAt = before, SuspendedAt = before, LastUsedAt = Scene.At(20) });
        StoredToken[] kept = await scene.AddAsync(
            scene.FullRow(),
            scene.Row(-1000),
            scene.Row() with { RevokedAt = Scene.At(10) },
            scene.Row() with { ExpiresAt = Scene.At(10) },
            scene.Row() with { SuspendedAt = before, LastUsedAt = before });

        Expect.Equal(ended.Length, await scene.BatchAsync(Scene.Purge(Scene.At(10))), "purged tokens");

        foreach (StoredToken row in ended)
        {
            Expect.That(await scene.FindAsync(row.Id) is null, $"a token revoked at {row.RevokedAt:O}, expired at {row.ExpiresAt:O} is purged before {Scene.At(10):O}");
        }

        foreach (StoredToken row in kept)
        {
            await scene.ExpectUnchangedAsync(row);
        }

        TokenQuery query = new(Scene.Realm, SubjectFilter.Is(Scene.Subject)) { IncludeRevoked = true, Order = TokenOrder.Inserted };
        Expect.Sequence(kept.Select(row => row.Id), await scene.ListAllAsync(query), "ids that are left");
    }

    private static async Task Purging_Limit_EndsWhenFewerAreRemoved(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        await scene.AddAsync(Enumerable.Range(0, 7).Select(second => scene.Row() with { ExpiresAt = Scene.At(second) }));
        StoredToken living = await scene.AddAsync(scene.Row());
        TokenBatch.Purge batch = Scene.Purge(Scene.At(100), limit: 3);
        Expect.Sequence([3, 3, 1, 0], [await scene.BatchAsync(batch), await scene.BatchAsync(batch), await scene.BatchAsync(batch), await scene.BatchAsync(batch)], "tokens purged, three at a time");
        await scene.ExpectUnchangedAsync(living);
    }

    private static async Task Purging_MoreRevokedThanTheLimit_CountsEachStep(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        await scene.AddAsync(Enumerable.Range(0, 7).Select(second => scene.Row() with { RevokedAt = Scene.At(second) }));
        await scene.AddAsync(scene.Row() with { ExpiresAt = Scene.At(1) });
        TokenBatch.Purge batch = Scene.Purge(Scene.At(100), limit: 3);
        Expect.Sequence([3, 3, 2, 0], [await scene.BatchAsync(batch), await scene.BatchAsync(batch), await scene.BatchAsync(batch), await scene.BatchAsync(batch)], "tokens purged, seven of them revoked, three at a time");
    }

    private static async Task Purging_AllRealmsAndSubjects_AreReached(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        await scene.AddAsync(
            scene.Row() with { ExpiresAt = Scene.At(1) },
            scene.Row(subject: "") with { ExpiresAt = Scene.At(1) },
            scene.Row() with { ExpiresAt = Scene.At(1), Realm = "web", Kind = "session" });
        Expect.Equal(3, await scene.BatchAsync(Scene.Purge(Scene.At(2))), "purged tokens of every realm");
    }

    private static async Task Purging_RemovedRows_FreeIdsAndNameKeys(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = scene.Row() with { NameKey = Scene.NameKey("deploy"), ExpiresAt = Scene.At(1) };
        await scene.AddAsync(row);
        Expect.Outcome(CommitOutcome.NameTaken, await scene.TryAddAsync(scene.Row() with { NameKey = row.NameKey }, now: 5));

        await scene.BatchAsync(Scene.Purge(Scene.At(2)));
        StoredToken successor = await scene.AddAsync(row with { ExpiresAt = null });
        await scene.ExpectUnchangedAsync(successor);
    }

    private static async Task Purging_ChangesMadeSince_AreRemembered(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        TokenChange.Issue issue = scene.Issue(scene.Row() with { ExpiresAt = Scene.At(1) }, now: 10);
        Expect.Done(await scene.CommitAsync(issue));
        Expect.Equal(1, await scene.BatchAsync(Scene.Purge(Scene.At(10))), "purged tokens");

        CommitResult repeated = await scene.CommitAsync(issue);
        Expect.Outcome(CommitOutcome.Done, repeated);
        Expect.That(repeated.Token is null, "a change as young as the purge is remembered, so repeating it brings nothing back");
        Expect.That(await scene.FindAsync(issue.Token.Id) is null, "a purged row does not come back");
    }

    private static async Task Purging_RecentChanges_AreRememberedWhateverTheInstant(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        TokenChange.Issue issue = scene.Issue(scene.Row() with { ExpiresAt = Scene.At(1) }, now: 10);
        Expect.Done(await scene.CommitAsync(issue));
        Expect.Equal(1, await scene.BatchAsync(Scene.Purge(DateTimeOffset.MaxValue, now: 20)), "purged tokens");

        CommitResult repeated = await scene.CommitAsync(issue);
        Expect.Outcome(CommitOutcome.Done, repeated);
        Expect.That(repeated.Token is null, "a change that may still be repeated is remembered, whatever the instant of the purge");
        Expect.That(await scene.FindAsync(issue.Token.Id) is null, "a purged row does not come back");
    }

    private static async Task Purging_OlderChanges_AreForgotten(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        TokenChange.Issue issue = scene.Issue(scene.Row(), now: 1);
        StoredToken row = Expect.Done(await scene.CommitAsync(issue));
        Expect.Outcome(CommitOutcome.Done, await scene.CommitAsync(scene.Delete(row, now: 2)));

        Expect.Equal(0, await scene.BatchAsync(Scene.Purge(Scene.At(3))), "purged tokens; forgotten changes are not counted");
        Expect.Done(await scene.CommitAsync(issue));
        Expect.That(await scene.FindAsync(row.Id) is not null, "a change older than the purge is forgotten, so it is made anew");
    }

    private static async Task Purging_EightTimesAtOnce_CountsEachTokenOnce(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenSharedAsync(fixture);
        await scene.AddAsync(Enumerable.Range(0, 30).Select(second => scene.Row() with { ExpiresAt = Scene.At(second) }));
        int[] counts = await Together.RunAsync(Together.Writers, async writer =>
            await scene.StoreOf(writer).CommitBatchAsync(Scene.Purge(Scene.At(100), limit: 10), CancellationToken.None));
        Expect.Equal(30, counts.Sum(), "tokens purged by all together");
    }
}
