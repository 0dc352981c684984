using TokenKit.Stores;

namespace TokenKit.StoreConformance.Cases;

/// <summary>Instants are kept to the microsecond, over all the years that there are, and given back in UTC.</summary>
internal static class Instants
{
    private static readonly DateTimeOffset First = DateTimeOffset.MinValue;
    private static readonly DateTimeOffset Last = UnixMicroseconds.ToInstant(UnixMicroseconds.From(DateTimeOffset.MaxValue));

    private static readonly DateTimeOffset[] Ascending =
    [
        First,
        First.AddMicroseconds(1),
        DateTimeOffset.UnixEpoch.AddMicroseconds(-1),
        DateTimeOffset.UnixEpoch,
        DateTimeOffset.UnixEpoch.AddMicroseconds(1),
        Scene.Start,
        Scene.Start.AddMicroseconds(1),
        new(2038, 1, 19, 3, 14, 8, TimeSpan.Zero),
        Last.AddMicroseconds(-1),
        Last,
    ];

    public static IReadOnlyList<StoreCase> Cases { get; } =
    [
        StoreCase.Of(Instants_AllTheYears_ReadBackExactly),
        StoreCase.Of(Instants_AllTheYears_OrderLists),
        StoreCase.Of(Instants_PositionsAtTheEndsOfTime_BoundLists),
        StoreCase.Of(Instants_OneMicrosecondApart_OrderLists),
        StoreCase.Of(Instants_InOtherZones_ComeBackInUtc),
        StoreCase.Of(Instants_InOtherZones_CompareAsInstants),
    ];

    private static async Task Instants_AllTheYears_ReadBackExactly(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        foreach (DateTimeOffset instant in Ascending)
        {
            StoredToken row = scene.Row() with { CreatedAt = instant, UpdatedAt = instant, ExpiresAt = instant, LastUsedAt = instant, SuspendedAt = instant };
            StoredToken added = await scene.AddAsync(row);
            await scene.ExpectUnchangedAsync(row with { Sequence = added.Sequence });

            StoredToken revoked = Expect.Done(await scene.CommitAsync(new TokenChange.Revoke(new StoppedClock(instant), row.Id, row.Realm, SubjectFilter.Any, TokenActor.Host)));
            Expect.Equal(instant, revoked.RevokedAt, "instant of a revocation");
        }
    }

    private static async Task Instants_AllTheYears_OrderLists(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken[] rows = await scene.AddAsync(Ascending.Select(instant => scene.Row() with { CreatedAt = instant }));
        TokenQuery query = new(Scene.Realm, SubjectFilter.Any) { Limit = 1 };
        Expect.Sequence(rows.Reverse().Select(row => row.Id), await scene.ListAllAsync(query), "ids by instant, page by page");
    }

    private static async Task Instants_PositionsAtTheEndsOfTime_BoundLists(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        await scene.AddAsync(Ascending.Select(instant => scene.Row() with { CreatedAt = instant }));
        TokenQuery query = new(Scene.Realm, SubjectFilter.Is(Scene.Subject));

        TokenQuery fromTheLast = query with { After = new TokenPosition(Last, Guid.AllBitsSet, 0) };
        Expect.Equal(Ascending.Length, (await scene.ListAllAsync(fromTheLast)).Count, "rows behind the last instant");
        TokenQuery fromTheFirst = query with { After = new TokenPosition(First, Guid.Empty, long.MaxValue) };
        Expect.Equal(0, (await scene.ListAllAsync(fromTheFirst)).Count, "rows behind the first instant");
        Expect.Equal(0, (await scene.ListAllAsync(fromTheFirst with { Order = TokenOrder.Inserted })).Count, "rows behind the greatest sequence");
        Expect.Equal(Ascending.Length, (await scene.ListAllAsync(fromTheLast with { Order = TokenOrder.Inserted })).Count, "rows behind the smallest sequence");
    }

    private static async Task Instants_OneMicrosecondApart_OrderLists(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        // The ids are in the opposite order, so that nothing but the instant can tell.
        Guid[] ids = [.. Enumerable.Range(0, 5).Select(_ => scene.NextId()).Reverse()];
        StoredToken[] rows = await scene.AddAsync(ids.Select((id, number) => scene.Row() with { Id = id, CreatedAt = Scene.Start.AddMicroseconds(number) }));
        TokenQuery query = new(Scene.Realm, SubjectFilter.Any) { Limit = 2 };
        Expect.Sequence(rows.Reverse().Select(row => row.Id), await scene.ListAllAsync(query), "ids of rows a microsecond apart");
    }

    private static async Task Instants_InOtherZones_ComeBackInUtc(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        var east = TimeSpan.FromMinutes(345);
        var west = TimeSpan.FromHours(-9.5);
        StoredToken full = scene.FullRow();
        StoredToken given = full with
        {
            CreatedAt = full.CreatedAt.ToOffset(east),
            UpdatedAt = full.UpdatedAt.ToOffset(west),
            ExpiresAt = full.ExpiresAt?.ToOffset(east),
            LastUsedAt = full.LastUsedAt?.ToOffset(west),
            SuspendedAt = full.SuspendedAt?.ToOffset(east),
        };
        StoredToken added = Expect.Done(await scene.CommitAsync(scene.Issue(given)));
        full = full with { Sequence = added.Sequence };
        Expect.Same(full, added, "the row that was answered");
        await scene.ExpectUnchangedAsync(full);

        await scene.BatchAsync(new TokenBatch.Touch([new TokenUse(full.Id, Scene.At(40).ToOffset(east))]));
        StoredToken wanted = added with { ExpiresAt = Scene.At(80).ToOffset(west) };
        StoredToken updated = Expect.Done(await scene.CommitAsync(scene.Update(wanted, now: 50)));
        StoredToken expected = full with { LastUsedAt = Scene.At(40), ExpiresAt = Scene.At(80), UpdatedAt = Scene.At(50), Version = 2 };
        Expect.Same(expected, updated, "the row after touch and update");

        StoredToken revoked = Expect.Done(await scene.CommitAsync(scene.Revoke(full, now: 60)));
        Expect.Same(expected.WithSecret(secret => secret with { RecoverableCopy = null }) with { RevokedAt = Scene.At(60), UpdatedAt = Scene.At(60), Version = 3, NameKey = null }, revoked, "the row after it was revoked");
    }

    private static async Task Instants_InOtherZones_CompareAsInstants(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        var east = TimeSpan.FromHours(14);
        var west = TimeSpan.FromHours(-12);
        StoredToken first = await scene.AddAsync(scene.Row() with { CreatedAt = Scene.At(0).ToOffset(east), ExpiresAt = Scene.At(10).ToOffset(west), LastUsedAt = Scene.At(5).ToOffset(west) });
        StoredToken second = await scene.AddAsync(scene.Row() with { CreatedAt = Scene.At(1).ToOffset(west) });

        TokenQuery query = new(Scene.Realm, SubjectFilter.Any) { Limit = 1 };
        Expect.Sequence([second.Id, first.Id], await scene.ListAllAsync(query), "ids by instant");
        TokenPage rest = await scene.ListAsync(query with { After = new TokenPosition(Scene.At(1).ToOffset(east), second.Id, second.Sequence) });
        Expect.Sequence([first.Id], rest.Tokens.Select(row => row.Id), "ids behind an instant in another zone");
        Expect.Equal(0, await scene.BatchAsync(new TokenBatch.Touch([new TokenUse(first.Id, Scene.At(4).ToOffset(east))])), "touched tokens");
        Expect.Equal(0, await scene.BatchAsync(Scene.Purge(Scene.At(10).ToOffset(east))), "purged tokens");
        Expect.Equal(1, await scene.BatchAsync(Scene.Purge(Scene.At(11).ToOffset(west))), "purged tokens");
    }
}
