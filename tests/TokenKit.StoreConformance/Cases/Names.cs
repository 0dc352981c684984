using TokenKit.Stores;

namespace TokenKit.StoreConformance.Cases;

/// <summary>At most one row holds a name key.</summary>
internal static class Names
{
    public static IReadOnlyList<StoreCase> Cases { get; } =
    [
        StoreCase.Of(Names_EightWritersAtOnce_OneWins),
        StoreCase.Of(Names_EightWritersAtOnceForNobody_OneWins),
        StoreCase.Of(Names_EightUpdatesAtOnce_OneWins),
        StoreCase.Of(Names_TakenKey_AddsNothing),
        StoreCase.Of(Names_WithoutKey_AreNotUnique),
        StoreCase.Of(Names_KeysThatDifferInOneBit_AreTwo),
        StoreCase.Of(Names_HolderRevoked_KeyIsFree),
        StoreCase.Of(Names_HolderDeleted_KeyIsFree),
        StoreCase.Of(Names_HolderRevokedWithAll_KeyIsFree),
        StoreCase.Of(Names_HolderRenamed_KeyIsFree),
        StoreCase.Of(Names_HolderExpired_KeyStaysTaken),
        StoreCase.Of(Names_UpdateToTakenKey_ChangesNothing),
        StoreCase.Of(Names_UpdateThatKeepsItsKey_IsDone),
        StoreCase.Of(Names_TakenKeyAtTheCap_IsNameTaken),
    ];

    private static Task Names_EightWritersAtOnce_OneWins(IStoreFixture fixture) => ExpectOneWinsAsync(fixture, Scene.Subject);

    private static Task Names_EightWritersAtOnceForNobody_OneWins(IStoreFixture fixture) => ExpectOneWinsAsync(fixture, subject: "");

    private static async Task ExpectOneWinsAsync(IStoreFixture fixture, string subject)
    {
        Scene scene = await Scene.OpenSharedAsync(fixture);
        for (int round = 0; round < 4; round++)
        {
            byte[] key = Scene.NameKey($"name {round}");
            CommitResult[] results = await Together.RunAsync(Together.Writers, async writer =>
                await scene.StoreOf(writer).CommitAsync(scene.Issue(scene.Row(subject: subject) with { NameKey = [.. key] }), CancellationToken.None));

            Expect.Outcomes(results, (CommitOutcome.Done, 1), (CommitOutcome.NameTaken, Together.Writers - 1));
            Expect.Equal(round + 1, (await scene.ListAllAsync(new TokenQuery(Scene.Realm, SubjectFilter.Any))).Count, "rows in the store");
        }
    }

    private static async Task Names_EightUpdatesAtOnce_OneWins(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenSharedAsync(fixture);
        StoredToken[] rows = await scene.AddAsync(Enumerable.Range(0, Together.Writers).Select(second => scene.Row(second)));

        CommitResult[] results = await Together.RunAsync(Together.Writers, async writer => await scene.StoreOf(writer).CommitAsync(
            scene.Update(rows[writer] with { Name = "wanted by all", NameKey = Scene.NameKey("wanted by all") }), CancellationToken.None));

        Expect.Outcomes(results, (CommitOutcome.Done, 1), (CommitOutcome.NameTaken, Together.Writers - 1));
    }

    private static async Task Names_TakenKey_AddsNothing(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken holder = await scene.AddAsync(Named(scene));
        StoredToken second = Named(scene);

        Expect.Outcome(CommitOutcome.NameTaken, await scene.TryAddAsync(second));
        Expect.That(await scene.FindAsync(second.Id) is null, "a row whose name key was taken is not added");
        await scene.ExpectUnchangedAsync(holder);
    }

    private static async Task Names_WithoutKey_AreNotUnique(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        await scene.AddAsync(scene.Row(), scene.Row());
        Expect.Equal(2, (await scene.ListAllAsync(new TokenQuery(Scene.Realm, SubjectFilter.Any))).Count, "rows of one name without a name key");
    }

    private static async Task Names_KeysThatDifferInOneBit_AreTwo(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        byte[] zeros = new byte[32];
        byte[] lastBit = [.. zeros[..31], 0x01];
        byte[] firstBit = [0x80, .. zeros[1..]];
        byte[] upperCase = [.. zeros[..31], (byte)'A'];
        byte[] lowerCase = [.. zeros[..31], (byte)'a'];
        foreach (byte[] key in (byte[][])[zeros, lastBit, firstBit, upperCase, lowerCase])
        {
            await scene.AddAsync(scene.Row() with { NameKey = key });
            Expect.Outcome(CommitOutcome.NameTaken, await scene.TryAddAsync(scene.Row() with { NameKey = key }));
        }
    }

    private static async Task Names_HolderRevoked_KeyIsFree(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken holder = await scene.AddAsync(Named(scene));
        Expect.Done(await scene.CommitAsync(scene.Revoke(holder)));
        await scene.AddAsync(Named(scene));
    }

    private static async Task Names_HolderDeleted_KeyIsFree(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken holder = await scene.AddAsync(Named(scene));
        Expect.Outcome(CommitOutcome.Done, await scene.CommitAsync(scene.Delete(holder)));
        await scene.AddAsync(Named(scene));
    }

    private static async Task Names_HolderRevokedWithAll_KeyIsFree(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        await scene.AddAsync(Named(scene));
        await scene.RevokeAsync(scene.RevokeAll(SubjectFilter.Is(Scene.Subject)));
        await scene.AddAsync(Named(scene));
    }

    private static async Task Names_HolderRenamed_KeyIsFree(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken holder = await scene.AddAsync(Named(scene));
        holder = Expect.Done(await scene.CommitAsync(scene.Update(holder with { Name = "another", NameKey = Scene.NameKey("another") })));
        StoredToken second = await scene.AddAsync(Named(scene));
        Expect.Outcome(CommitOutcome.NameTaken, await scene.CommitAsync(scene.Update(second with { Name = "another", NameKey = holder.NameKey })));

        Expect.Done(await scene.CommitAsync(scene.Update(holder with { Name = "not unique", NameKey = null })));
        Expect.Done(await scene.CommitAsync(scene.Update(second with { Name = "another", NameKey = holder.NameKey })));
    }

    private static async Task Names_HolderExpired_KeyStaysTaken(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        await scene.AddAsync(Named(scene) with { ExpiresAt = Scene.At(1) });
        Expect.Outcome(CommitOutcome.NameTaken, await scene.TryAddAsync(Named(scene), now: 10));
    }

    private static async Task Names_UpdateToTakenKey_ChangesNothing(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken holder = await scene.AddAsync(Named(scene));
        StoredToken other = await scene.AddAsync(scene.Row() with { Name = "other", NameKey = Scene.NameKey("other") });

        Expect.Outcome(CommitOutcome.NameTaken, await scene.CommitAsync(scene.Update(other with { Name = "deploy", NameKey = holder.NameKey, Scopes = "" })));
        await scene.ExpectUnchangedAsync(holder);
        await scene.ExpectUnchangedAsync(other);
        Expect.Outcome(CommitOutcome.NameTaken, await scene.TryAddAsync(scene.Row() with { NameKey = other.NameKey }));
    }

    private static async Task Names_UpdateThatKeepsItsKey_IsDone(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken holder = await scene.AddAsync(Named(scene));
        StoredToken updated = Expect.Done(await scene.CommitAsync(scene.Update(holder with { Scopes = "read", NameKey = Scene.NameKey("not written, because the name stays") })));
        Expect.Equal("read", updated.Scopes, "scopes after an update that keeps the name key");
        Expect.Outcome(CommitOutcome.NameTaken, await scene.TryAddAsync(Named(scene)));
    }

    private static async Task Names_TakenKeyAtTheCap_IsNameTaken(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        Expect.Done(await scene.TryAddAsync(Named(scene), limit: 1));
        Expect.Outcome(CommitOutcome.NameTaken, await scene.TryAddAsync(Named(scene), limit: 1));
        Expect.Outcome(CommitOutcome.CapReached, await scene.TryAddAsync(Named(scene) with { NameKey = Scene.NameKey("free") }, limit: 1));
    }

    private static StoredToken Named(Scene scene) => scene.Row() with { NameKey = Scene.NameKey("deploy") };
}
