using System.Collections.Concurrent;
using TokenKit.Stores;

namespace TokenKit.StoreConformance.Cases;

/// <summary>Many tokens are revoked in bounded steps, just as one by one.</summary>
internal static class RevokingAll
{
    public static IReadOnlyList<StoreCase> Cases { get; } =
    [
        StoreCase.Of(RevokingAll_EveryState_EndsItAndErases),
        StoreCase.Of(RevokingAll_OtherSubjectsAndRealms_StayAsTheyAre),
        StoreCase.Of(RevokingAll_Spared_StayAsTheyAre),
        StoreCase.Of(RevokingAll_Limit_EndsWhenFewerAreRevoked),
        StoreCase.Of(RevokingAll_SparedAndRevoked_TakeNoPlaceInLimit),
        StoreCase.Of(RevokingAll_ThousandTokens_AreOneBatch),
        StoreCase.Of(RevokingAll_NothingThere_RevokesNothing),
        StoreCase.Of(RevokingAll_WhileOthersIssue_ReachesWhatWasAnsweredBefore),
        StoreCase.Of(RevokingAll_EightTimesAtOnce_CountsEachTokenOnce),
    ];

    private static async Task RevokingAll_EveryState_EndsItAndErases(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken[] rows = await scene.AddAsync(
            scene.FullRow(),
            scene.Row() with { ExpiresAt = Scene.At(1) },
            scene.Row() with { SuspendedAt = Scene.At(1), Kind = "session" });
        StoredToken revokedBefore = await scene.AddAsync(scene.Row() with { RevokedAt = Scene.At(1) });

        Expect.Equal(3, await scene.BatchAsync(AllOf(Scene.Subject)), "revoked tokens");

        foreach (StoredToken row in rows)
        {
            await scene.ExpectUnchangedAsync(
                row.WithSecret(secret => secret with { RecoverableCopy = null }) with { RevokedAt = Scene.At(9), UpdatedAt = Scene.At(9), Version = row.Version + 1, NameKey = null });
        }

        await scene.ExpectUnchangedAsync(revokedBefore);
        Expect.Equal(0, await scene.BatchAsync(AllOf(Scene.Subject)), "tokens revoked by doing it again");
    }

    private static async Task RevokingAll_OtherSubjectsAndRealms_StayAsTheyAre(IStoreFixture fixture)
    {
        (string Realm, string Subject)[] owners = [(Scene.Realm, Scene.Subject), (Scene.Realm, "1001"), (Scene.Realm, ""), (Scene.Realm, "1000 "), ("web", Scene.Subject), ("API", Scene.Subject)];
        (SubjectFilter Filter, int Count)[] filters = [(SubjectFilter.None, 1), (SubjectFilter.Is(Scene.Subject), 1), (SubjectFilter.Any, 2)];
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken[] rows = await scene.AddAsync(owners.Select(owner => scene.Row(subject: owner.Subject) with { Realm = owner.Realm }));

        // Each step finds what the steps before it have left.
        foreach ((SubjectFilter filter, int count) in filters)
        {
            Expect.Equal(count, await scene.BatchAsync(new TokenBatch.RevokeWhere(Scene.At(9), Scene.Realm, filter, Spared: [])), $"tokens revoked for {filter}");
            foreach (StoredToken row in rows.Where(row => row.Realm != Scene.Realm || !filter.Matches(row.Subject)))
            {
                StoredToken? left = await scene.FindAsync(row.Id);
                bool wasMeantBefore = left?.RevokedAt is not null && filters.TakeWhile(step => step.Filter != filter).Any(step => row.Realm == Scene.Realm && step.Filter.Matches(row.Subject));
                Expect.That(wasMeantBefore || left?.RevokedAt is null, $"a token of \"{row.Subject}\" in realm {row.Realm} was revoked for {filter}");
            }
        }

        Expect.Sequence([rows[4].Id], await scene.ListAllAsync(new TokenQuery("web", SubjectFilter.Any)), "tokens left in another realm");
        Expect.Sequence([rows[5].Id], await scene.ListAllAsync(new TokenQuery("API", SubjectFilter.Any)), "tokens left in a realm that differs by case");
    }

    private static async Task RevokingAll_Spared_StayAsTheyAre(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken[] rows = await scene.AddAsync(Enumerable.Range(0, 20).Select(second => scene.Row(second)));
        StoredToken[] spared = rows[2..18];

        TokenBatch.RevokeWhere batch = AllOf(Scene.Subject) with { Spared = [.. spared.Select(row => row.Id)] };
        Expect.Equal(4, await scene.BatchAsync(batch), "revoked tokens beside 16 that are spared");
        foreach (StoredToken row in spared)
        {
            await scene.ExpectUnchangedAsync(row);
        }

        Expect.Equal(16, await scene.BatchAsync(batch with { Spared = [scene.NextId()] }), "revoked tokens when an unknown id is spared");
    }

    private static async Task RevokingAll_Limit_EndsWhenFewerAreRevoked(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        await scene.AddAsync(Enumerable.Range(0, 7).Select(second => scene.Row(second)));
        TokenBatch.RevokeWhere batch = AllOf(Scene.Subject) with { Limit = 3 };
        Expect.Sequence([3, 3, 1, 0], [await scene.BatchAsync(batch), await scene.BatchAsync(batch), await scene.BatchAsync(batch), await scene.BatchAsync(batch)], "tokens revoked, three at a time");
        Expect.Equal(0, (await scene.ListAllAsync(new TokenQuery(Scene.Realm, SubjectFilter.Any))).Count, "tokens that are not revoked");
    }

    private static async Task RevokingAll_SparedAndRevoked_TakeNoPlaceInLimit(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken[] rows = await scene.AddAsync(Enumerable.Range(0, 9).Select(second => scene.Row(second)));
        Expect.Done(await scene.CommitAsync(scene.Revoke(rows[0])));
        Expect.Done(await scene.CommitAsync(scene.Revoke(rows[4])));
        Expect.Done(await scene.CommitAsync(scene.Revoke(rows[8])));

        TokenBatch.RevokeWhere batch = AllOf(Scene.Subject) with { Spared = [rows[1].Id, rows[5].Id, rows[7].Id], Limit = 2 };
        Expect.Sequence([2, 1], [await scene.BatchAsync(batch), await scene.BatchAsync(batch)], "tokens revoked, two at a time, among spared and revoked ones");
    }

    private static async Task RevokingAll_ThousandTokens_AreOneBatch(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        await scene.AddAsync(Enumerable.Range(0, TokenBatch.MaximumSize + 1).Select(second => scene.Row(second)));
        Expect.Sequence([TokenBatch.MaximumSize, 1], [await scene.BatchAsync(AllOf(Scene.Subject)), await scene.BatchAsync(AllOf(Scene.Subject))], "tokens revoked, a thousand at a time");
    }

    private static async Task RevokingAll_NothingThere_RevokesNothing(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        Expect.Equal(0, await scene.BatchAsync(AllOf(Scene.Subject)), "tokens revoked in an empty store");
    }

    private static async Task RevokingAll_WhileOthersIssue_ReachesWhatWasAnsweredBefore(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenSharedAsync(fixture);
        ConcurrentBag<Guid> answered = [];
        int issuing = 3;

        // The first of the workers revokes while the others issue, and once more when they have done.
        await Together.RunAsync(4, async worker =>
        {
            if (worker > 0)
            {
                try
                {
                    for (int round = 0; round < 6; round++)
                    {
                        answered.Add(Expect.Done(await scene.StoreOf(worker).CommitAsync(scene.Issue(scene.Row(round)), CancellationToken.None)).Id);
                    }

                    return 0;
                }
                finally
                {
                    Interlocked.Decrement(ref issuing);
                }
            }

            bool isLast;
            do
            {
                isLast = Volatile.Read(ref issuing) == 0;
                await ExpectReachedAsync(scene, [.. answered]);
            }
            while (!isLast);

            return 0;
        });
    }

    private static async Task ExpectReachedAsync(Scene scene, Guid[] answeredBefore)
    {
        TokenBatch.RevokeWhere batch = AllOf(Scene.Subject) with { Limit = 2 };
        while (await scene.BatchAsync(batch) == batch.Limit)
        {
        }

        foreach (Guid id in answeredBefore)
        {
            Expect.That((await scene.FindAsync(id))?.RevokedAt is not null, "a token whose issue was answered before a revoke-all began is revoked when that ends");
        }
    }

    private static async Task RevokingAll_EightTimesAtOnce_CountsEachTokenOnce(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenSharedAsync(fixture);
        StoredToken[] rows = await scene.AddAsync(Enumerable.Range(0, 30).Select(second => scene.Row(second)));

        int[] counts = await Together.RunAsync(Together.Writers, async writer =>
            await scene.StoreOf(writer).CommitBatchAsync(AllOf(Scene.Subject) with { Limit = 10 }, CancellationToken.None));

        Expect.Equal(rows.Length, counts.Sum(), "tokens revoked by all together");
        foreach (StoredToken row in rows)
        {
            Expect.Equal(2, (await scene.FindAsync(row.Id))?.Version, "version of a token that was revoked once");
        }
    }

    private static TokenBatch.RevokeWhere AllOf(string subject) => new(Scene.At(9), Scene.Realm, SubjectFilter.Is(subject), Spared: []);
}
