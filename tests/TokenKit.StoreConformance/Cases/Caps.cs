using TokenKit.Stores;

namespace TokenKit.StoreConformance.Cases;

/// <summary>
/// A subject has at most as many living tokens of a kind as the change allows. Only more than 64 issues of one subject that are under way at once
/// may pass the limit, by as many as are beyond.
/// </summary>
internal static class Caps
{
    private const int Limit = 3;

    public static IReadOnlyList<StoreCase> Cases { get; } =
    [
        StoreCase.Of(Caps_EightWritersAtOnce_LimitIsExact),
        StoreCase.Of(Caps_EightWritersAtOnceForNobody_LimitIsExact),
        StoreCase.Of(Caps_SixtyFourIssuesUnderWay_LimitIsExact),
        StoreCase.Of(Caps_IssuesAndRevivalsAtOnce_LimitIsExact),
        StoreCase.Of(Caps_Reached_AddsNothing),
        StoreCase.Of(Caps_RevokedAndExpired_DoNotCount),
        StoreCase.Of(Caps_ExpiryAtNow_IsTheFirstInstantThatDoesNotCount),
        StoreCase.Of(Caps_Suspended_Counts),
        StoreCase.Of(Caps_OtherKindSubjectAndRealm_AreCountedApart),
        StoreCase.Of(Caps_LimitBelowWhatLives_IsReached),
        StoreCase.Of(Caps_NoLimit_AddsAnyNumber),
        StoreCase.Of(Caps_UpdateThatRevives_HonoursLimit),
        StoreCase.Of(Caps_UpdateOfLivingToken_IsNotLimited),
        StoreCase.Of(Caps_UpdateThatStaysExpired_IsNotLimited),
    ];

    private static Task Caps_EightWritersAtOnce_LimitIsExact(IStoreFixture fixture) => ExpectExactAsync(fixture, Scene.Subject);

    private static Task Caps_EightWritersAtOnceForNobody_LimitIsExact(IStoreFixture fixture) => ExpectExactAsync(fixture, subject: "");

    private static async Task ExpectExactAsync(IStoreFixture fixture, string subject)
    {
        Scene scene = await Scene.OpenSharedAsync(fixture);
        for (int round = 0; round < 4; round++)
        {
            string kind = $"kind {round}";
            CommitResult[] results = await Together.RunAsync(Together.Writers, async writer => await scene.StoreOf(writer).CommitAsync(
                scene.Issue(scene.Row(subject: subject) with { Kind = kind }, Limit), CancellationToken.None));
            Expect.Outcomes(results, (CommitOutcome.Done, Limit), (CommitOutcome.CapReached, Together.Writers - Limit));
        }
    }

    private static async Task Caps_SixtyFourIssuesUnderWay_LimitIsExact(IStoreFixture fixture)
    {
        const int underWay = 64;
        const int each = 3;
        const int limit = 100;
        Scene scene = await Scene.OpenSharedAsync(fixture);
        CommitResult[][] results = await Together.RunAsync(underWay, async writer =>
        {
            List<CommitResult> own = [];
            while (own.Count < each)
            {
                own.Add(await scene.StoreOf(writer).CommitAsync(scene.Issue(scene.Row(), limit), CancellationToken.None));
            }

            return own.ToArray();
        });
        Expect.Outcomes([.. results.SelectMany(own => own)], (CommitOutcome.Done, limit), (CommitOutcome.CapReached, (underWay * each) - limit));
    }

    private static async Task Caps_IssuesAndRevivalsAtOnce_LimitIsExact(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenSharedAsync(fixture);
        StoredToken[] expired = await scene.AddAsync(Enumerable.Range(0, Together.Writers).Select(_ => scene.Row() with { ExpiresAt = Scene.At(1) }));

        CommitResult[] results = await Together.RunAsync(Together.Writers, async writer => await scene.StoreOf(writer).CommitAsync(
            writer % 4 < 2 ? scene.Issue(scene.Row(), Limit, now: 10) : scene.Update(expired[writer] with { ExpiresAt = null }, now: 10, Limit),
            CancellationToken.None));

        Expect.Outcomes(results, (CommitOutcome.Done, Limit), (CommitOutcome.CapReached, Together.Writers - Limit));
    }

    private static async Task Caps_Reached_AddsNothing(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        await FillAsync(scene);
        StoredToken refused = scene.Row() with { NameKey = Scene.NameKey("free") };

        Expect.Outcome(CommitOutcome.CapReached, await scene.TryAddAsync(refused, Limit));
        Expect.That(await scene.FindAsync(refused.Id) is null, "a row beyond the cap is not added");
        await scene.AddAsync(scene.Row() with { NameKey = refused.NameKey });
    }

    private static async Task Caps_RevokedAndExpired_DoNotCount(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken[] rows = await FillAsync(scene);
        Expect.Done(await scene.CommitAsync(scene.Revoke(rows[0])));
        Expect.Done(await scene.CommitAsync(scene.Update(rows[1] with { ExpiresAt = Scene.At(5) })));

        Expect.Done(await scene.TryAddAsync(scene.Row(), Limit, now: 10));
        Expect.Done(await scene.TryAddAsync(scene.Row(), Limit, now: 10));
        Expect.Outcome(CommitOutcome.CapReached, await scene.TryAddAsync(scene.Row(), Limit, now: 10));
    }

    private static async Task Caps_ExpiryAtNow_IsTheFirstInstantThatDoesNotCount(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        await scene.AddAsync(scene.Row() with { ExpiresAt = Scene.At(10).AddMicroseconds(1) });
        Expect.Outcome(CommitOutcome.CapReached, await scene.TryAddAsync(scene.Row(), limit: 1, now: 10));

        await scene.AddAsync(scene.Row() with { Kind = "session", ExpiresAt = Scene.At(10) });
        Expect.Done(await scene.TryAddAsync(scene.Row() with { Kind = "session" }, limit: 1, now: 10));
    }

    private static async Task Caps_Suspended_Counts(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        await scene.AddAsync(scene.Row() with { SuspendedAt = Scene.Start });
        Expect.Outcome(CommitOutcome.CapReached, await scene.TryAddAsync(scene.Row(), limit: 1));
    }

    private static async Task Caps_OtherKindSubjectAndRealm_AreCountedApart(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = scene.Row();
        StoredToken[] apart =
        [
            row,
            row with { Kind = "session" },
            row with { Kind = "PAT" },
            row with { Subject = "1001" },
            row with { Subject = "" },
            row with { Subject = "1000 " },
            row with { Realm = "web" },
            row with { Realm = "API" },
        ];
        foreach (StoredToken first in apart)
        {
            Expect.Done(await scene.TryAddAsync(first with { Id = scene.NextId() }, limit: 1));
        }

        foreach (StoredToken second in apart)
        {
            Expect.Outcome(CommitOutcome.CapReached, await scene.TryAddAsync(second with { Id = scene.NextId() }, limit: 1));
        }
    }

    private static async Task Caps_LimitBelowWhatLives_IsReached(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken[] rows = await FillAsync(scene);
        Expect.Outcome(CommitOutcome.CapReached, await scene.TryAddAsync(scene.Row(), Limit - 1));

        Expect.Done(await scene.CommitAsync(scene.Revoke(rows[0])));
        Expect.Outcome(CommitOutcome.CapReached, await scene.TryAddAsync(scene.Row(), Limit - 1));
    }

    private static async Task Caps_NoLimit_AddsAnyNumber(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        await FillAsync(scene);
        Expect.Done(await scene.TryAddAsync(scene.Row(), limit: null));
        Expect.Outcome(CommitOutcome.CapReached, await scene.TryAddAsync(scene.Row(), Limit + 1));
    }

    private static async Task Caps_UpdateThatRevives_HonoursLimit(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken expired = await scene.AddAsync(scene.Row() with { ExpiresAt = Scene.Start });
        StoredToken[] living = await FillAsync(scene);

        Expect.Outcome(CommitOutcome.CapReached, await scene.CommitAsync(scene.Update(expired with { ExpiresAt = Scene.At(99) }, now: 10, Limit)));
        await scene.ExpectUnchangedAsync(expired);

        Expect.Done(await scene.CommitAsync(scene.Revoke(living[0])));
        Expect.Done(await scene.CommitAsync(scene.Update(expired with { ExpiresAt = Scene.At(99) }, now: 10, Limit)));
    }

    private static async Task Caps_UpdateOfLivingToken_IsNotLimited(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken[] rows = await FillAsync(scene);
        Expect.Done(await scene.CommitAsync(scene.Update(rows[0] with { ExpiresAt = Scene.At(99) }, now: 10, limit: 1)));
    }

    private static async Task Caps_UpdateThatStaysExpired_IsNotLimited(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken expired = await scene.AddAsync(scene.Row() with { ExpiresAt = Scene.Start });
        await FillAsync(scene);
        Expect.Done(await scene.CommitAsync(scene.Update(expired with { ExpiresAt = Scene.At(10) }, now: 10, Limit)));
    }

    private static async Task<StoredToken[]> FillAsync(Scene scene)
    {
        List<StoredToken> rows = [];
        for (int number = 0; number < Limit; number++)
        {
            rows.Add(Expect.Done(await scene.TryAddAsync(scene.Row(number), Limit)));
        }

        return [.. rows];
    }
}
