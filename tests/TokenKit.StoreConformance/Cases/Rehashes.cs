using TokenKit.Stores;

namespace TokenKit.StoreConformance.Cases;

/// <summary>A rehash replaces the hash and what shows possession, over the hash that its caller has seen, and nobody else notices.</summary>
internal static class Rehashes
{
    public static IReadOnlyList<StoreCase> Cases { get; } =
    [
        StoreCase.Of(Rehashing_EveryColumnDifferent_WritesHashAndMarksOnly),
        StoreCase.Of(Rehashing_NullMarks_AreWritten),
        StoreCase.Of(Rehashing_SameHash_WritesMarks),
        StoreCase.Of(Rehashing_OtherHash_IsStaleAndChangesNothing),
        StoreCase.Of(Rehashing_EightAtOnce_OneWinsPerHash),
        StoreCase.Of(Rehashing_SinceItWasRead_LetsUpdateThrough),
        StoreCase.Of(Rehashing_UpdatedAndTouchedSinceItWasRead_KeepsBoth),
        StoreCase.Of(Rehashing_UnknownOrForeignToken_IsNotFound),
        StoreCase.Of(Rehashing_RevokedToken_IsNotFound),
        StoreCase.Of(Rehashing_ExpiredAndSuspendedToken_IsDone),
        StoreCase.Of(Rehashing_Again_ChangesNothing),
    ];

    private static async Task Rehashing_EveryColumnDifferent_WritesHashAndMarksOnly(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.FullRow());
        StoredToken neighbour = await scene.AddAsync(scene.Row());
        StoredToken wanted = row.WithSecret(secret => secret with
        {
            Hint = "other",
            Hash = "$argon2id$v=19$m=47104,t=2,p=1$b3RoZXI$b3RoZXI",
            Tag = [1, 2, 3, 4, 5, 6, 7, 8],
            KeyId = "other",
            Verifier = [.. Enumerable.Range(1, 32).Select(i => (byte)i)],
            RecoverableCopy = [1],
        }) with
        {
            Kind = "session",
            Name = "renamed",
            NameKey = Scene.NameKey("renamed"),
            Scopes = "admin",
            CreatedAt = Scene.At(100),
            UpdatedAt = Scene.At(101),
            ExpiresAt = Scene.At(7200),
            LastUsedAt = Scene.At(103),
            RevokedAt = Scene.At(104),
            SuspendedAt = null,
            Version = row.Version + 10,
            Sequence = row.Sequence + 10,
            IssuedBy = scene.NextId(),
            Actor = "other",
            PredecessorId = scene.NextId(),
            SuccessorId = scene.NextId(),
            WireData = "other",
        };

        StoredToken rehashed = Expect.Done(await scene.CommitAsync(scene.Rehash(wanted, row.Secret.Hash, now: 50)));

        StoredToken expected = row.WithSecret(secret => secret with
        {
            Hash = wanted.Secret.Hash,
            Tag = wanted.Secret.Tag,
            KeyId = wanted.Secret.KeyId,
            Verifier = wanted.Secret.Verifier,
        });
        Expect.Same(expected, rehashed, "the row that was answered");
        await scene.ExpectUnchangedAsync(expected);
        await scene.ExpectUnchangedAsync(neighbour);
    }

    private static async Task Rehashing_NullMarks_AreWritten(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.FullRow());
        StoredToken wanted = row.WithSecret(secret => secret with { Hash = "other", Tag = null, KeyId = null, Verifier = null });
        Expect.Same(wanted, Expect.Done(await scene.CommitAsync(scene.Rehash(wanted, row.Secret.Hash))), "the row without what it may lack");
        await scene.ExpectUnchangedAsync(wanted);
    }

    private static async Task Rehashing_SameHash_WritesMarks(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.FullRow());
        StoredToken wanted = row.WithSecret(secret => secret with { KeyId = "2026-02", Verifier = new byte[32] });
        Expect.Done(await scene.CommitAsync(scene.Rehash(wanted, row.Secret.Hash)));
        await scene.ExpectUnchangedAsync(wanted);
    }

    private static async Task Rehashing_OtherHash_IsStaleAndChangesNothing(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.Row().WithSecret(secret => secret with { Hash = "$argon2id$v=19$m=64,t=1,p=1$c2FsdA$aGFzaA" }));
        string[] others = [row.Secret.Hash.ToUpperInvariant(), $"{row.Secret.Hash} ", row.Secret.Hash[..^1], "other"];
        foreach (string other in others)
        {
            Expect.Outcome(CommitOutcome.Stale, await scene.CommitAsync(scene.Rehash(row.WithSecret(secret => secret with { Hash = "new" }), other)));
        }

        await scene.ExpectUnchangedAsync(row);
    }

    private static async Task Rehashing_EightAtOnce_OneWinsPerHash(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenSharedAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.Row());
        for (int round = 0; round < 4; round++)
        {
            CommitResult[] results = await Together.RunAsync(Together.Writers, async writer => await scene.StoreOf(writer).CommitAsync(
                scene.Rehash(row.WithSecret(secret => secret with { Hash = $"{round}.{writer}", KeyId = $"{writer}" }), row.Secret.Hash), CancellationToken.None));

            Expect.Outcomes(results, (CommitOutcome.Done, 1), (CommitOutcome.Stale, Together.Writers - 1));
            row = Expect.Done(results.Single(result => result.Outcome == CommitOutcome.Done));
            Expect.Equal(1L, row.Version, "version after rehashes");
            await scene.ExpectUnchangedAsync(row);
        }
    }

    private static async Task Rehashing_SinceItWasRead_LetsUpdateThrough(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.Row());
        Expect.Done(await scene.CommitAsync(scene.Rehash(row.WithSecret(secret => secret with { Hash = "new" }), row.Secret.Hash)));
        StoredToken updated = Expect.Done(await scene.CommitAsync(scene.Update(row with { Name = "renamed" }, now: 2)));
        Expect.Equal("new", updated.Secret.Hash, "hash that was written between reading and updating");
    }

    private static async Task Rehashing_UpdatedAndTouchedSinceItWasRead_KeepsBoth(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.Row());
        StoredToken updated = Expect.Done(await scene.CommitAsync(scene.Update(row with { Name = "renamed" }, now: 2)));
        await scene.BatchAsync(new TokenBatch.Touch([new TokenUse(row.Id, Scene.At(9))]));
        Expect.Done(await scene.CommitAsync(scene.Rehash(row.WithSecret(secret => secret with { Hash = "new" }), row.Secret.Hash, now: 10)));
        await scene.ExpectUnchangedAsync(updated.WithSecret(secret => secret with { Hash = "new" }) with { LastUsedAt = Scene.At(9) });
    }

    private static async Task Rehashing_UnknownOrForeignToken_IsNotFound(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.Row());
        StoredToken unknown = scene.Row();
        foreach (StoredToken wanted in (StoredToken[])[unknown, row with { Realm = "other" }, row with { Subject = "2000" }, row with { Subject = "" }])
        {
            Expect.Outcome(CommitOutcome.NotFound, await scene.CommitAsync(scene.Rehash(wanted.WithSecret(secret => secret with { Hash = "new" }), row.Secret.Hash)));
        }

        Expect.That(await scene.FindAsync(unknown.Id) is null, "rehashing an unknown token adds nothing");
        await scene.ExpectUnchangedAsync(row);
    }

    private static async Task Rehashing_RevokedToken_IsNotFound(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.Row());
        StoredToken revoked = Expect.Done(await scene.CommitAsync(scene.Revoke(row)));
        Expect.Outcome(CommitOutcome.NotFound, await scene.CommitAsync(scene.Rehash(row.WithSecret(secret => secret with { Hash = "new" }), row.Secret.Hash)));
        await scene.ExpectUnchangedAsync(revoked);
    }

    private static async Task Rehashing_ExpiredAndSuspendedToken_IsDone(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.Row() with { ExpiresAt = Scene.At(1), SuspendedAt = Scene.At(1) });
        StoredToken rehashed = Expect.Done(await scene.CommitAsync(scene.Rehash(row.WithSecret(secret => secret with { Hash = "new" }), row.Secret.Hash, now: 10)));
        Expect.Same(row.WithSecret(secret => secret with { Hash = "new" }), rehashed, "an expired and suspended token with its new hash");
    }

    private static async Task Rehashing_Again_ChangesNothing(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.Row());
        TokenChange.Rehash first = scene.Rehash(row.WithSecret(secret => secret with { Hash = "second", KeyId = "k1" }), row.Secret.Hash);
        StoredToken second = Expect.Done(await scene.CommitAsync(first));
        StoredToken third = Expect.Done(await scene.CommitAsync(scene.Rehash(second.WithSecret(secret => secret with { Hash = row.Secret.Hash, KeyId = "k2" }), second.Secret.Hash)));

        // The row has its first hash again, and the change is still one that was made.
        Expect.Same(third, Expect.Done(await scene.CommitAsync(first)), "the row that a repeated rehash answers with");
        await scene.ExpectUnchangedAsync(third);
    }
}
