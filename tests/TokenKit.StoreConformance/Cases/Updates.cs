using TokenKit.Stores;

namespace TokenKit.StoreConformance.Cases;

/// <summary>An update writes what may change, and only over the state that its caller has seen.</summary>
internal static class Updates
{
    public static IReadOnlyList<StoreCase> Cases { get; } =
    [
        StoreCase.Of(Updates_EveryColumnDifferent_WriteWhatMayChange),
        StoreCase.Of(Updates_NullsAndEmptyTexts_AreWritten),
        StoreCase.Of(Updates_OtherVersion_IsStaleAndChangesNothing),
        StoreCase.Of(Updates_EightAtOnce_OneWinsPerVersion),
        StoreCase.Of(Updates_TouchedSinceItWasRead_KeepLastUse),
        StoreCase.Of(Updates_UnknownToken_IsNotFound),
        StoreCase.Of(Updates_RevokedToken_IsNotFound),
        StoreCase.Of(Updates_ExpiredAndSuspendedToken_IsDone),
        StoreCase.Of(Updates_RevokedMeanwhile_NeverUndoIt),
        StoreCase.Of(Updates_WithSecret_WriteWhatBelongsToIt),
        StoreCase.Of(Updates_WithSecretOfFewerParts_LeaveNoneOfTheFormer),
        StoreCase.Of(Updates_WithSecretOfOtherVersion_AreStaleAndChangeNothing),
        StoreCase.Of(Updates_WithSecretOfRevokedToken_AreNotFound),
        StoreCase.Of(Updates_WithSecretEightAtOnce_LeaveOneWhole),
    ];

    private static async Task Updates_EveryColumnDifferent_WriteWhatMayChange(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.FullRow());
        await scene.AddAsync(scene.Row());
        StoredToken wanted = row.WithSecret(secret => secret with
        {
            Hint = "other",
            Hash = "other",
            Tag = [1, 2, 3, 4, 5, 6, 7, 8],
            KeyId = "other",
            Verifier = new byte[32],
            RecoverableCopy = [1],
        }) with
        {
            Kind = "session",
            Name = "renamed",
            NameKey = Scene.NameKey("renamed"),
            Scopes = "admin",
            CreatedAt = Scene.At(100),
            UpdatedAt = Scene.At(101),
            ExpiresAt = Scene.At(7200).AddMicroseconds(3),
            LastUsedAt = Scene.At(103),
            RevokedAt = Scene.At(104),
            SuspendedAt = Scene.At(105),
            Sequence = row.Sequence + 10,
            IssuedBy = scene.NextId(),
            Actor = "other",
            PredecessorId = scene.NextId(),
            SuccessorId = scene.NextId(),
            WireData = "other",
        };

        StoredToken updated = Expect.Done(await scene.CommitAsync(scene.Update(wanted, now: 50)));

        StoredToken expected = row with
        {
            Name = wanted.Name,
            NameKey = wanted.NameKey,
            Scopes = wanted.Scopes,
            ExpiresAt = wanted.ExpiresAt,
            WireData = wanted.WireData,
            UpdatedAt = Scene.At(50),
            Version = row.Version + 1,
        };
        Expect.Same(expected, updated, "the row that was answered");
        await scene.ExpectUnchangedAsync(expected);
    }

    private static async Task Updates_WithSecret_WriteWhatBelongsToIt(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.FullRow());
        StoredToken bystander = await scene.AddAsync(scene.Row());
        StoredToken wanted = WithOtherSecret(row, 7) with { Name = "renamed", Kind = "session", CreatedAt = Scene.At(100), Actor = "other" };

        StoredToken updated = Expect.Done(await scene.CommitAsync(scene.UpdateWithSecret(wanted, now: 50)));

        StoredToken expected = WithOtherSecret(row, 7) with { Name = "renamed", UpdatedAt = Scene.At(50), Version = row.Version + 1 };
        Expect.Same(expected, updated, "the row that was answered");
        await scene.ExpectUnchangedAsync(expected);
        await scene.ExpectUnchangedAsync(bystander);
    }

    private static async Task Updates_WithSecretOfFewerParts_LeaveNoneOfTheFormer(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.FullRow());
        StoredToken wanted = row.WithSecret(secret => secret with { Hash = "other", Tag = null, KeyId = null, Verifier = null, RecoverableCopy = null });

        StoredToken updated = Expect.Done(await scene.CommitAsync(scene.UpdateWithSecret(wanted, now: 50)));
        Expect.Same(wanted with { UpdatedAt = Scene.At(50), Version = 2 }, updated, "the row without what the new secret lacks");
    }

    private static async Task Updates_WithSecretOfOtherVersion_AreStaleAndChangeNothing(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken first = await scene.AddAsync(scene.FullRow());
        StoredToken second = Expect.Done(await scene.CommitAsync(scene.UpdateWithSecret(WithOtherSecret(first, 1))));

        Expect.Outcome(CommitOutcome.Stale, await scene.CommitAsync(scene.UpdateWithSecret(WithOtherSecret(first, 2))));
        await scene.ExpectUnchangedAsync(second);
    }

    private static async Task Updates_WithSecretOfRevokedToken_AreNotFound(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.FullRow());
        StoredToken revoked = Expect.Done(await scene.CommitAsync(scene.Revoke(row)));

        Expect.Outcome(CommitOutcome.NotFound, await scene.CommitAsync(scene.UpdateWithSecret(WithOtherSecret(row, 1))));
        Expect.Outcome(CommitOutcome.NotFound, await scene.CommitAsync(scene.UpdateWithSecret(WithOtherSecret(revoked, 2) with { RevokedAt = null })));
        await scene.ExpectUnchangedAsync(revoked);
    }

    private static async Task Updates_WithSecretEightAtOnce_LeaveOneWhole(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenSharedAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.FullRow());
        CommitResult[] results = await Together.RunAsync(Together.Writers, async writer => await scene.StoreOf(writer).CommitAsync(
            scene.UpdateWithSecret(WithOtherSecret(row, (byte)writer), now: 50), CancellationToken.None));

        Expect.Outcomes(results, (CommitOutcome.Done, 1), (CommitOutcome.Stale, Together.Writers - 1));
        int winner = Array.FindIndex(results, result => result.Outcome == CommitOutcome.Done);
        await scene.ExpectUnchangedAsync(WithOtherSecret(row, (byte)winner) with { UpdatedAt = Scene.At(50), Version = 2 });
    }

    private static StoredToken WithOtherSecret(StoredToken row, byte number) => row.WithSecret(secret => secret with
    {
        Hint = $"acme_{number}",
        Hash = $"hash {number}",
        Tag = [.. Enumerable.Repeat(number, 8)],
        KeyId = $"key {number}",
        Verifier = [.. Enumerable.Repeat(number, 32)],
        RecoverableCopy = [number],
    });

    private static async Task Updates_NullsAndEmptyTexts_AreWritten(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.FullRow());
        StoredToken wanted = row with { Name = "", NameKey = null, Scopes = "", ExpiresAt = null, SuspendedAt = null, WireData = null };

        StoredToken updated = Expect.Done(await scene.CommitAsync(scene.Update(wanted, now: 50)));
        Expect.Same(wanted with { UpdatedAt = Scene.At(50), Version = 2 }, updated, "the row without what it may lack");

        updated = Expect.Done(await scene.CommitAsync(scene.Update(updated with { WireData = "" }, now: 51)));
        Expect.Equal("", updated.WireData, "wire data that is empty, not null");
    }

    private static async Task Updates_OtherVersion_IsStaleAndChangesNothing(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken first = await scene.AddAsync(scene.Row());
        StoredToken second = Expect.Done(await scene.CommitAsync(scene.Update(first with { Name = "second" })));

        foreach (long version in (long[])[0, 1, 3, long.MaxValue])
        {
            Expect.Outcome(CommitOutcome.Stale, await scene.CommitAsync(scene.Update(second with { Name = "third", Version = version })));
        }

        await scene.ExpectUnchangedAsync(second);
    }

    private static async Task Updates_EightAtOnce_OneWinsPerVersion(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenSharedAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.Row());
        for (int round = 0; round < 4; round++)
        {
            CommitResult[] results = await Together.RunAsync(Together.Writers, async writer => await scene.StoreOf(writer).CommitAsync(
                scene.Update(row with { Name = $"{round}.{writer}" }, round), CancellationToken.None));

            Expect.Outcomes(results, (CommitOutcome.Done, 1), (CommitOutcome.Stale, Together.Writers - 1));
            row = Expect.Done(results.Single(result => result.Outcome == CommitOutcome.Done));
            Expect.Equal(round + 2, row.Version, "version after as many updates");
            await scene.ExpectUnchangedAsync(row);
        }
    }

    private static async Task Updates_TouchedSinceItWasRead_KeepLastUse(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.Row());
        await scene.BatchAsync(new TokenBatch.Touch([new TokenUse(row.Id, Scene.At(9))]));

        StoredToken updated = Expect.Done(await scene.CommitAsync(scene.Update(row with { Name = "renamed" }, now: 10)));
        Expect.Equal(Scene.At(9), updated.LastUsedAt, "last use that came between reading and updating");
    }

    private static async Task Updates_UnknownToken_IsNotFound(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken unknown = scene.Row();
        Expect.Outcome(CommitOutcome.NotFound, await scene.CommitAsync(scene.Update(unknown)));
        Expect.Outcome(CommitOutcome.NotFound, await scene.CommitAsync(scene.Revoke(unknown)));
        Expect.Outcome(CommitOutcome.NotFound, await scene.CommitAsync(scene.Delete(unknown)));
        Expect.That(await scene.FindAsync(unknown.Id) is null, "changes to an unknown token add nothing");
    }

    private static async Task Updates_RevokedToken_IsNotFound(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.Row());
        StoredToken revoked = Expect.Done(await scene.CommitAsync(scene.Revoke(row)));

        // Whatever version the caller has seen: reading again and repeating would not help it.
        Expect.Outcome(CommitOutcome.NotFound, await scene.CommitAsync(scene.Update(row with { Name = "renamed" })));
        Expect.Outcome(CommitOutcome.NotFound, await scene.CommitAsync(scene.Update(revoked with { Name = "renamed", RevokedAt = null })));
        await scene.ExpectUnchangedAsync(revoked);
    }

    private static async Task Updates_ExpiredAndSuspendedToken_IsDone(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = await scene.AddAsync(scene.Row() with { ExpiresAt = Scene.At(1), SuspendedAt = Scene.At(1) });
        StoredToken updated = Expect.Done(await scene.CommitAsync(scene.Update(row with { SuspendedAt = null }, now: 10)));
        Expect.That(updated.SuspendedAt is null, "an expired token can be resumed");
    }

    private static async Task Updates_RevokedMeanwhile_NeverUndoIt(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenSharedAsync(fixture);
        for (int round = 0; round < 8; round++)
        {
            byte[] key = Scene.NameKey($"{round}");
            StoredToken row = await scene.AddAsync(scene.Row() with { NameKey = key });
            await Together.RunAsync(2, async writer => await scene.StoreOf(writer).CommitAsync(
                writer == 0 ? scene.Update(row with { Name = "renamed" }, now: 1) : scene.Revoke(row, now: 2), CancellationToken.None));

            StoredToken? left = await scene.FindAsync(row.Id);
            Expect.Equal(Scene.At(2), left?.RevokedAt, "revocation that raced with an update");
            Expect.That(left?.NameKey is null, "a revoked token holds no name key");
            await scene.AddAsync(scene.Row() with { NameKey = key });
        }
    }
}
