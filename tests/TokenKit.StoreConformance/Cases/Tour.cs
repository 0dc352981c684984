using TokenKit.Stores;

namespace TokenKit.StoreConformance.Cases;

/// <summary>Every method once, with every column filled: for cases that change what is around the store.</summary>
internal static class Tour
{
    public static async Task MakeAsync(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken full = await IssueAsync(scene);
        await ListAsync(scene, full);
        StoredToken updated = await UpdateAndTouchAsync(scene, full);
        await EndAsync(scene, updated);
    }

    private static async Task<StoredToken> IssueAsync(Scene scene)
    {
        StoredToken row = scene.FullRow() with { Realm = "INFI", Kind = "titi", Subject = "IiİıQq", Name = "İIiı -1.5" };
        StoredToken full = Expect.Done(await scene.TryAddAsync(row, limit: 1));
        Expect.Same(row with { Sequence = full.Sequence }, full, "the row that was issued");
        await scene.ExpectUnchangedAsync(full);

        Expect.Outcome(CommitOutcome.NameTaken, await scene.TryAddAsync(scene.Row() with { NameKey = row.NameKey }));
        Expect.Outcome(CommitOutcome.CapReached, await scene.TryAddAsync(row with { Id = scene.NextId(), NameKey = null }, limit: 1));
        Expect.Outcome(CommitOutcome.Duplicate, await scene.TryAddAsync(scene.Row() with { Id = row.Id }));
        return full;
    }

    private static async Task ListAsync(Scene scene, StoredToken full)
    {
        TokenQuery query = new(full.Realm, SubjectFilter.Is(full.Subject)) { Kind = full.Kind, Limit = 1 };
        StoredToken older = await scene.AddAsync(scene.Row() with { Realm = full.Realm, Kind = full.Kind, Subject = full.Subject, CreatedAt = full.CreatedAt.AddMicroseconds(-1) });
        await scene.AddAsync(scene.Row(subject: "iIİıqQ") with { Realm = full.Realm, Kind = full.Kind });

        Expect.Same(full, await scene.FirstAsync(query), "the newest row that was listed");
        Expect.Sequence([full.Id, older.Id], await scene.ListAllAsync(query), "ids, newest first");
        Expect.Sequence([full.Id, older.Id], await scene.ListAllAsync(query with { Order = TokenOrder.Inserted }), "ids, as inserted");
        Expect.Equal(0, (await scene.ListAllAsync(new TokenQuery("infi", SubjectFilter.Any))).Count, "ids in a realm that differs by case");
    }

    private static async Task<StoredToken> UpdateAndTouchAsync(Scene scene, StoredToken full)
    {
        StoredToken wanted = full with { Name = "ıiİI", ExpiresAt = Scene.At(7200).AddMicroseconds(1) };
        StoredToken updated = Expect.Done(await scene.CommitAsync(scene.Update(wanted, now: 20)));
        Expect.Same(wanted with { UpdatedAt = Scene.At(20), Version = 2 }, updated, "the row that was updated");
        Expect.Outcome(CommitOutcome.Stale, await scene.CommitAsync(scene.Update(wanted)));

        Expect.Equal(1, await scene.BatchAsync(new TokenBatch.Touch([new TokenUse(full.Id, Scene.At(21))])), "touched tokens");
        await scene.ExpectUnchangedAsync(updated with { LastUsedAt = Scene.At(21) });
        return updated with { LastUsedAt = Scene.At(21) };
    }

    private static async Task EndAsync(Scene scene, StoredToken row)
    {
        TokenChange.Revoke revoke = scene.Revoke(row, now: 30);
        StoredToken expected = row.WithSecret(secret => secret with { RecoverableCopy = null }) with { RevokedAt = Scene.At(30), UpdatedAt = Scene.At(30), Version = 3, NameKey = null };
        Expect.Same(expected, Expect.Done(await scene.CommitAsync(revoke)), "the row that was revoked");
        Expect.Same(expected, Expect.Done(await scene.CommitAsync(revoke)), "the row of a repeated change");

        Expect.Equal(2, await scene.RevokeAsync(new TokenChange.RevokeAll(Scene.Clock(31), row.Realm, SubjectFilter.Any, TokenActor.Host) { Spared = row.Id, Most = 10 }), "tokens revoked at once");
        Expect.Equal(1, await scene.BatchAsync(Scene.Purge(Scene.At(31))), "purged tokens");
        Expect.That(await scene.FindAsync(row.Id) is null, "a purged row is gone");
        StoredToken last = await scene.AddAsync(scene.Row());
        Expect.Outcome(CommitOutcome.Done, await scene.CommitAsync(scene.Delete(last)));
        Expect.That(await scene.FindAsync(last.Id) is null, "a deleted row is gone");
    }
}
