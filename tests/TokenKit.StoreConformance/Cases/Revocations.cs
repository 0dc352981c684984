using TokenKit.Stores;

namespace TokenKit.StoreConformance.Cases;

/// <summary>A revoked token stays revoked and keeps nothing that it no longer needs; a deleted one is gone.</summary>
internal static class Revocations
{
    public static IReadOnlyList<StoreCase> Cases { get; } =
    [
        StoreCase.Of(Revoking_LivingToken_EndsItAndErases),
        StoreCase.Of(Revoking_ExpiredAndSuspendedToken_EndsIt),
        StoreCase.Of(Revoking_Again_ChangesNothing),
        StoreCase.Of(Revoking_EightTimesAtOnce_EndsItOnce),
        StoreCase.Of(Deleting_Token_FreesItsId),
    ];

    private static async Task Revoking_LivingToken_EndsItAndErases(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.FullRow());
        StoredToken other = await scene.AddAsync(scene.Row());

        StoredToken revoked = Expect.Done(await scene.CommitAsync(scene.Revoke(row, now: 9)));

        StoredToken expected = row.WithSecret(secret => secret with { RecoverableCopy = null }) with { RevokedAt = Scene.At(9), UpdatedAt = Scene.At(9), Version = row.Version + 1, NameKey = null };
        Expect.Same(expected, revoked, "the row that was answered");
        await scene.ExpectUnchangedAsync(expected);
        await scene.ExpectUnchangedAsync(other);
    }

    private static async Task Revoking_ExpiredAndSuspendedToken_EndsIt(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.Row() with { ExpiresAt = Scene.At(1), SuspendedAt = Scene.At(1) });
        Expect.Equal(Scene.At(9), Expect.Done(await scene.CommitAsync(scene.Revoke(row, now: 9))).RevokedAt, "revocation of an expired, suspended token");
    }

    private static async Task Revoking_Again_ChangesNothing(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.FullRow());
        StoredToken revoked = Expect.Done(await scene.CommitAsync(scene.Revoke(row, now: 9)));

        foreach (int now in (int[])[10, 1])
        {
            Expect.Same(revoked, Expect.Done(await scene.CommitAsync(scene.Revoke(row, now))), "the row after it was revoked again");
            await scene.ExpectUnchangedAsync(revoked);
        }
    }

    private static async Task Revoking_EightTimesAtOnce_EndsItOnce(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenSharedAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.Row());
        CommitResult[] results = await Together.RunAsync(Together.Writers, async writer =>
            await scene.StoreOf(writer).CommitAsync(scene.Revoke(row, writer), CancellationToken.None));

        Expect.Outcomes(results, (CommitOutcome.Done, Together.Writers));
        foreach (CommitResult result in results)
        {
            StoredToken revoked = Expect.Done(result);
            Expect.Equal(2, revoked.Version, "version of a token that was revoked eight times");
            await scene.ExpectUnchangedAsync(revoked);
        }
    }

    private static async Task Deleting_Token_FreesItsId(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = scene.FullRow();
        StoredToken other = await scene.AddAsync(scene.Row());
        await scene.AddAsync(row);

        CommitResult deleted = await scene.CommitAsync(scene.Delete(row));
        Expect.Outcome(CommitOutcome.Done, deleted);
        Expect.That(deleted.Token is null, "a delete answers with no row");
        Expect.That(await scene.FindAsync(row.Id) is null, "a deleted row is gone");
        Expect.Sequence([other.Id], await scene.ListAllAsync(new TokenQuery(Scene.Realm, SubjectFilter.Any) { IncludeRevoked = true }), "rows that are left");
        Expect.Outcome(CommitOutcome.NotFound, await scene.CommitAsync(scene.Delete(row)));
        await scene.AddAsync(row);
    }
}
