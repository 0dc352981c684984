using TokenKit.Stores;

namespace TokenKit.StoreConformance.Cases;

/// <summary>Nobody sees or changes a token of another owner or realm, and lists hold only what was asked for.</summary>
internal static class Subjects
{
    private static readonly SubjectFilter[] ForeignToSubject = [SubjectFilter.None, SubjectFilter.Is("1001"), SubjectFilter.Is("1000 "), SubjectFilter.Is("100")];

    public static IReadOnlyList<StoreCase> Cases { get; } =
    [
        StoreCase.Of(Subjects_Lists_HoldNobodyElse),
        StoreCase.Of(Subjects_KindFilter_HoldsThatKind),
        StoreCase.Of(Subjects_RevokedTokens_AreListedOnRequest),
        StoreCase.Of(Subjects_ExpiredAndSuspendedTokens_AreListed),
        StoreCase.Of(Subjects_ForeignOwner_CannotRevoke),
        StoreCase.Of(Subjects_ForeignOwner_CannotDelete),
        StoreCase.Of(Subjects_ForeignOwner_CannotUpdate),
        StoreCase.Of(Subjects_RightOwner_CanRevokeAndDelete),
    ];

    private static async Task Subjects_Lists_HoldNobodyElse(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        string[] subjects = ["", Scene.Subject, "1001", "10", "1000 ", "any", "%"];
        List<StoredToken> rows = [];
        foreach (string subject in subjects)
        {
            rows.AddRange(await scene.AddAsync(scene.Row(1, subject), scene.Row(2, subject), scene.Row(3, subject) with { Realm = "web" }));
        }

        foreach (string realm in (string[])[Scene.Realm, "web", "nowhere"])
        {
            await ExpectListAsync(new TokenQuery(realm, SubjectFilter.Any), row => row.Realm == realm);
            foreach (string subject in subjects)
            {
                SubjectFilter filter = subject.Length == 0 ? SubjectFilter.None : SubjectFilter.Is(subject);
                await ExpectListAsync(new TokenQuery(realm, filter), row => row.Realm == realm && row.Subject == subject);
                await ExpectListAsync(new TokenQuery(realm, filter) { Order = TokenOrder.Inserted }, row => row.Realm == realm && row.Subject == subject);
            }
        }

        async Task ExpectListAsync(TokenQuery query, Func<StoredToken, bool> isMeant)
        {
            IEnumerable<Guid> expected = rows.Where(isMeant).Select(row => row.Id).Order();
            Expect.Sequence(expected, (await scene.ListAllAsync(query)).Order(), $"ids in realm {query.Realm} for {query.Subject}");
            Expect.Sequence(expected, (await scene.ListAllAsync(query with { Limit = 1 })).Order(), $"ids in realm {query.Realm} for {query.Subject}, page by page");
        }
    }

    private static async Task Subjects_KindFilter_HoldsThatKind(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken pat = await scene.AddAsync(scene.Row());
        StoredToken session = await scene.AddAsync(scene.Row() with { Kind = "session" });
        await scene.AddAsync(scene.Row() with { Kind = "PAT" }, scene.Row() with { Kind = "pat " }, scene.Row(subject: "1001"));

        foreach (TokenOrder order in (TokenOrder[])[TokenOrder.NewestFirst, TokenOrder.Inserted])
        {
            TokenQuery query = new(Scene.Realm, SubjectFilter.Is(Scene.Subject)) { Order = order };
            Expect.Sequence([pat.Id], await scene.ListAllAsync(query with { Kind = "pat" }), $"{order}, tokens of the kind pat");
            Expect.Sequence([session.Id], await scene.ListAllAsync(query with { Kind = "session" }), $"{order}, tokens of the kind session");
            Expect.Equal(0, (await scene.ListAllAsync(query with { Kind = "device" })).Count, $"{order}, tokens of a kind that nobody has");
            Expect.Equal(4, (await scene.ListAllAsync(query)).Count, $"{order}, tokens of every kind");
        }

        TokenQuery everyone = new(Scene.Realm, SubjectFilter.Any) { Kind = "pat" };
        Expect.Equal(2, (await scene.ListAllAsync(everyone)).Count, "everyone's tokens of the kind pat");
    }

    private static async Task Subjects_RevokedTokens_AreListedOnRequest(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken[] rows = await scene.AddAsync(scene.Row(1), scene.Row(2), scene.Row(3));
        Expect.Done(await scene.CommitAsync(scene.Revoke(rows[1])));

        foreach (SubjectFilter filter in (SubjectFilter[])[SubjectFilter.Any, SubjectFilter.Is(Scene.Subject)])
        {
            TokenQuery query = new(Scene.Realm, filter) { Limit = 1 };
            Expect.Sequence([rows[2].Id, rows[0].Id], await scene.ListAllAsync(query), "tokens without the revoked one");
            Expect.Sequence([rows[2].Id, rows[1].Id, rows[0].Id], await scene.ListAllAsync(query with { IncludeRevoked = true }), "tokens with the revoked one");
        }
    }

    private static async Task Subjects_ExpiredAndSuspendedTokens_AreListed(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        await scene.AddAsync(scene.Row() with { ExpiresAt = DateTimeOffset.UnixEpoch }, scene.Row() with { SuspendedAt = Scene.Start });
        Expect.Equal(2, (await scene.ListAllAsync(new TokenQuery(Scene.Realm, SubjectFilter.Is(Scene.Subject)))).Count, "expired and suspended tokens listed");
    }

    private static Task Subjects_ForeignOwner_CannotRevoke(IStoreFixture fixture) =>
        ExpectNotFoundAsync(fixture, (scene, row, realm, owner) => new TokenChange.Revoke(Scene.Clock(1), row.Id, realm, owner, TokenActor.Host));

    private static Task Subjects_ForeignOwner_CannotDelete(IStoreFixture fixture) =>
        ExpectNotFoundAsync(fixture, (scene, row, realm, owner) => new TokenChange.Delete(Scene.Clock(1), row.Id, realm, owner, TokenActor.Host));

    private static async Task ExpectNotFoundAsync(IStoreFixture fixture, Func<Scene, StoredToken, string, SubjectFilter, TokenChange> change)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken owned = await scene.AddAsync(scene.FullRow());
        StoredToken nobodys = await scene.AddAsync(scene.Row(subject: ""));
        (StoredToken Row, string Realm, SubjectFilter Owner)[] foreign =
        [
            .. ForeignToSubject.Select(filter => (owned, Scene.Realm, filter)),
            (owned, "web", SubjectFilter.Any),
            (owned, "API", SubjectFilter.Is(Scene.Subject)),
            (nobodys, Scene.Realm, SubjectFilter.Is(Scene.Subject)),
            (nobodys, Scene.Realm, SubjectFilter.Is(" ")),
            (nobodys, "web", SubjectFilter.None),
        ];
        foreach ((StoredToken row, string realm, SubjectFilter owner) in foreign)
        {
            Expect.Outcome(CommitOutcome.NotFound, await scene.CommitAsync(change(scene, row, realm, owner)));
            await scene.ExpectUnchangedAsync(row);
        }
    }

    private static async Task Subjects_ForeignOwner_CannotUpdate(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken owned = await scene.AddAsync(scene.Row());
        StoredToken nobodys = await scene.AddAsync(scene.Row(subject: ""));
        StoredToken[] foreign =
        [
            owned with { Subject = "1001", Name = "mine" },
            owned with { Subject = "", Name = "mine" },
            owned with { Realm = "web", Name = "mine" },
            nobodys with { Subject = Scene.Subject, Name = "mine" },
        ];
        foreach (StoredToken row in foreign)
        {
            Expect.Outcome(CommitOutcome.NotFound, await scene.CommitAsync(scene.Update(row)));
        }

        await scene.ExpectUnchangedAsync(owned);
        await scene.ExpectUnchangedAsync(nobodys);
    }

    private static async Task Subjects_RightOwner_CanRevokeAndDelete(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        foreach ((string subject, SubjectFilter owner) in ((string, SubjectFilter)[])
            [(Scene.Subject, SubjectFilter.Any), (Scene.Subject, SubjectFilter.Is(Scene.Subject)), ("", SubjectFilter.Any), ("", SubjectFilter.None)])
        {
            StoredToken row = await scene.AddAsync(scene.Row(subject: subject));
            Expect.Done(await scene.CommitAsync(new TokenChange.Revoke(Scene.Clock(1), row.Id, Scene.Realm, owner, TokenActor.Host)));
            Expect.Outcome(CommitOutcome.Done, await scene.CommitAsync(new TokenChange.Delete(Scene.Clock(1), row.Id, Scene.Realm, owner, TokenActor.Host)));
            Expect.That(await scene.FindAsync(row.Id) is null, "a deleted row is gone");
        }
    }
}
