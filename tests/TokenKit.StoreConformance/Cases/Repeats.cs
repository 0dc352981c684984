using TokenKit.Stores;

namespace TokenKit.StoreConformance.Cases;

/// <summary>A change that was made is not made again under its id; a refused one may be tried again.</summary>
internal static class Repeats
{
    public static IReadOnlyList<StoreCase> Cases { get; } =
    [
        StoreCase.Of(Repeats_Issue_ChangesNothing),
        StoreCase.Of(Repeats_Update_ChangesNothing),
        StoreCase.Of(Repeats_UpdateWithSecret_BringsNoFormerSecretBack),
        StoreCase.Of(Repeats_Revoke_ChangesNothing),
        StoreCase.Of(Repeats_Delete_ChangesNothing),
        StoreCase.Of(Repeats_RowGone_BringNothingBack),
        StoreCase.Of(Repeats_NameAndCapHeldByItself_AreDone),
        StoreCase.Of(Repeats_ThroughAnotherInstance_ChangeNothing),
        StoreCase.Of(Repeats_IssueEightTimesAtOnce_IsMadeOnce),
        StoreCase.Of(Repeats_UpdateEightTimesAtOnce_IsMadeOnce),
        StoreCase.Of(Repeats_RefusedIssue_IsTriedAgain),
        StoreCase.Of(Repeats_RefusedUpdateRevokeAndDelete_AreTriedAgain),
    ];

    private static async Task Repeats_Issue_ChangesNothing(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        TokenChange.Issue issue = scene.Issue(scene.FullRow());
        StoredToken row = Expect.Done(await scene.CommitAsync(issue));
        await ExpectRepeatAsync(scene, issue, row);

        StoredToken updated = Expect.Done(await scene.CommitAsync(scene.Update(row with { Name = "renamed" }, now: 1)));
        await ExpectRepeatAsync(scene, issue, updated);
        await ExpectRepeatAsync(scene, issue, Expect.Done(await scene.CommitAsync(scene.Revoke(row, now: 2))));
    }

    private static async Task Repeats_Update_ChangesNothing(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.FullRow());
        TokenChange.Update update = scene.Update(row with { Name = "second" }, now: 1);
        StoredToken second = Expect.Done(await scene.CommitAsync(update));
        await ExpectRepeatAsync(scene, update, second);

        StoredToken third = Expect.Done(await scene.CommitAsync(scene.Update(second with { Name = "third" }, now: 2)));
        await ExpectRepeatAsync(scene, update, third);
        await ExpectRepeatAsync(scene, update, Expect.Done(await scene.CommitAsync(scene.Revoke(row, now: 3))));
    }

    private static async Task Repeats_UpdateWithSecret_BringsNoFormerSecretBack(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.FullRow());
        TokenChange.Update update = scene.UpdateWithSecret(row.WithSecret(secret => secret with { Hash = "second" }), now: 1);
        StoredToken second = Expect.Done(await scene.CommitAsync(update));
        await ExpectRepeatAsync(scene, update, second);

        StoredToken third = Expect.Done(await scene.CommitAsync(scene.UpdateWithSecret(second.WithSecret(secret => secret with { Hash = "third" }), now: 2)));
        await ExpectRepeatAsync(scene, update, third);
    }

    private static async Task Repeats_Revoke_ChangesNothing(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.FullRow());
        TokenChange.Revoke revoke = scene.Revoke(row, now: 1);
        await ExpectRepeatAsync(scene, revoke, Expect.Done(await scene.CommitAsync(revoke)));
    }

    private static async Task Repeats_Delete_ChangesNothing(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = scene.Row();
        await scene.AddAsync(row);
        TokenChange.Delete delete = scene.Delete(row, now: 1);
        Expect.Outcome(CommitOutcome.Done, await scene.CommitAsync(delete));
        Expect.Outcome(CommitOutcome.Done, await scene.CommitAsync(delete));

        // Another change may use the id again; the old delete must not reach that row.
        StoredToken successor = await scene.AddAsync(row);
        Expect.Outcome(CommitOutcome.Done, await scene.CommitAsync(delete));
        await scene.ExpectUnchangedAsync(successor);
    }

    private static async Task Repeats_RowGone_BringNothingBack(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        TokenChange.Issue issue = scene.Issue(scene.FullRow());
        StoredToken row = Expect.Done(await scene.CommitAsync(issue));
        TokenChange.Update update = scene.Update(row with { Name = "renamed" }, now: 1);
        TokenChange.Revoke revoke = scene.Revoke(row, now: 2);
        TokenChange[] changes = [issue, update, revoke];
        Expect.Done(await scene.CommitAsync(update));
        Expect.Done(await scene.CommitAsync(revoke));
        Expect.Outcome(CommitOutcome.Done, await scene.CommitAsync(scene.Delete(row, now: 3)));

        foreach (TokenChange change in changes)
        {
            CommitResult repeated = await scene.CommitAsync(change);
            Expect.Outcome(CommitOutcome.Done, repeated);
            Expect.That(repeated.Token is null, "a repeated change of a row that has gone since answers with no row");
            Expect.That(await scene.FindAsync(row.Id) is null, "a repeated change does not bring a deleted row back");
        }
    }

    private static async Task Repeats_NameAndCapHeldByItself_AreDone(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        TokenChange.Issue issue = scene.Issue(scene.FullRow(), limit: 1);
        StoredToken row = Expect.Done(await scene.CommitAsync(issue));
        await ExpectRepeatAsync(scene, issue, row);

        // Freed and taken by another: the repeat is still Done, and takes nothing from the new holder.
        StoredToken revoked = Expect.Done(await scene.CommitAsync(scene.Revoke(row)));
        StoredToken holder = Expect.Done(await scene.TryAddAsync(scene.Row() with { NameKey = Scene.NameKey("full") }, limit: 1));
        await ExpectRepeatAsync(scene, issue, revoked);
        await scene.ExpectUnchangedAsync(holder);
    }

    private static async Task Repeats_ThroughAnotherInstance_ChangeNothing(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenSharedAsync(fixture);
        TokenChange.Issue issue = scene.Issue(scene.FullRow());
        StoredToken row = Expect.Done(await scene.StoreOf(0).CommitAsync(issue, CancellationToken.None));
        Expect.Same(row, Expect.Done(await scene.StoreOf(1).CommitAsync(issue, CancellationToken.None)), "the row of a change that another instance made");

        TokenChange.Update update = scene.Update(row with { Name = "renamed" });
        row = Expect.Done(await scene.StoreOf(1).CommitAsync(update, CancellationToken.None));
        Expect.Same(row, Expect.Done(await scene.StoreOf(0).CommitAsync(update, CancellationToken.None)), "the row of a change that another instance made");
    }

    private static async Task Repeats_IssueEightTimesAtOnce_IsMadeOnce(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenSharedAsync(fixture);
        for (int round = 0; round < 4; round++)
        {
            TokenChange.Issue issue = scene.Issue(scene.FullRow() with { Kind = $"kind {round}", NameKey = Scene.NameKey($"{round}") }, limit: 1);
            CommitResult[] results = await Together.RunAsync(Together.Writers, async writer =>
                await scene.StoreOf(writer).CommitAsync(issue, CancellationToken.None));

            Expect.Outcomes(results, (CommitOutcome.Done, Together.Writers));
            Expect.Equal(round + 1, (await scene.ListAllAsync(new TokenQuery(Scene.Realm, SubjectFilter.Any))).Count, "rows in the store");
            await scene.ExpectUnchangedAsync(Expect.Done(results[0]));
        }
    }

    private static async Task Repeats_UpdateEightTimesAtOnce_IsMadeOnce(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenSharedAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.Row());
        for (int round = 0; round < 4; round++)
        {
            TokenChange.Update update = scene.Update(row with { Name = $"{round}" }, now: round);
            CommitResult[] results = await Together.RunAsync(Together.Writers, async writer =>
                await scene.StoreOf(writer).CommitAsync(update, CancellationToken.None));

            Expect.Outcomes(results, (CommitOutcome.Done, Together.Writers));
            row = Expect.Done(results[0]);
            Expect.Equal(round + 2, row.Version, "version after one update that was sent eight times");
        }
    }

    private static async Task Repeats_RefusedIssue_IsTriedAgain(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken holder = await scene.AddAsync(scene.Row() with { NameKey = Scene.NameKey("deploy") });
        TokenChange.Issue named = scene.Issue(scene.Row() with { NameKey = holder.NameKey, Kind = "named" });
        TokenChange.Issue capped = scene.Issue(scene.Row(), limit: 1);
        TokenChange.Issue doubled = scene.Issue(holder with { NameKey = null, Kind = "doubled" });
        Expect.Outcome(CommitOutcome.NameTaken, await scene.CommitAsync(named));
        Expect.Outcome(CommitOutcome.CapReached, await scene.CommitAsync(capped));
        Expect.Outcome(CommitOutcome.Duplicate, await scene.CommitAsync(doubled));

        Expect.Outcome(CommitOutcome.Done, await scene.CommitAsync(scene.Delete(holder)));
        foreach (TokenChange.Issue issue in (TokenChange.Issue[])[named, capped, doubled])
        {
            StoredToken added = Expect.Done(await scene.CommitAsync(issue));
            await scene.ExpectUnchangedAsync(added);
        }
    }

    private static async Task Repeats_RefusedUpdateRevokeAndDelete_AreTriedAgain(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = scene.Row();
        TokenChange.Update update = scene.Update(row with { Name = "third", Version = 2 });
        TokenChange.Revoke revoke = scene.Revoke(row, now: 5);
        TokenChange.Delete delete = scene.Delete(row);
        foreach (TokenChange change in (TokenChange[])[update, revoke, delete])
        {
            Expect.Outcome(CommitOutcome.NotFound, await scene.CommitAsync(change));
        }

        StoredToken added = await scene.AddAsync(row);
        Expect.Outcome(CommitOutcome.Stale, await scene.CommitAsync(update));
        Expect.Done(await scene.CommitAsync(scene.Update(added with { Name = "second" })));
        Expect.Equal("third", Expect.Done(await scene.CommitAsync(update)).Name, "name after an update that was refused before");
        Expect.Equal(Scene.At(5), Expect.Done(await scene.CommitAsync(revoke)).RevokedAt, "revocation that was refused before");
        Expect.Outcome(CommitOutcome.Done, await scene.CommitAsync(delete));
        Expect.That(await scene.FindAsync(row.Id) is null, "a delete that was refused before is made");
    }

    private static async Task ExpectRepeatAsync(Scene scene, TokenChange change, StoredToken row)
    {
        Expect.Same(row, Expect.Done(await scene.CommitAsync(change)), "the row that a repeated change answers with");
        await scene.ExpectUnchangedAsync(row);
    }
}
