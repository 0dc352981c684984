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
        StoreCase.Of(RevokingAll_Spared_StayAsTheyAreWithTheirPartners),
        StoreCase.Of(RevokingAll_MoreThanAThousand_AreRevokedAtOnce),
        StoreCase.Of(RevokingAll_NothingThere_RevokesNothing),
        StoreCase.Of(RevokingAll_Again_ChangesNothing),
        StoreCase.Of(RevokingAll_InSteps_RevokesNoMoreThanEachMay),
        StoreCase.Of(RevokingAll_InStepsThatBeginWhereTheLastEnded_RevokesEach),
        StoreCase.Of(RevokingAll_InStepsByAToken_LeavesTheTokenAlone),
        StoreCase.Of(RevokingAll_InSteps_SparesThePartnersToo),
        StoreCase.Of(RevokingAll_WhileOthersIssue_ReachesWhatWasAnsweredBefore),
        StoreCase.Of(RevokingAll_WhileTokensIssue_LeavesNoneThatTheyIssued),
        StoreCase.Of(RevokingAll_EightTimesAtOnce_CountsEachTokenOnce),
        StoreCase.Of(Counting_TokensThatAreNotRevoked_CountsThoseOfTheOwner),
    ];

    private static async Task RevokingAll_EveryState_EndsItAndErases(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken[] rows = await scene.AddAsync(
            scene.FullRow(),
            scene.Row() with { ExpiresAt = Scene.At(1) },
            scene.Row() with { SuspendedAt = Scene.At(1), Kind = "session" });
        StoredToken revokedBefore = await scene.AddAsync(scene.Row() with { RevokedAt = Scene.At(1) });

        Expect.Equal(3, await scene.RevokeAsync(AllOf(scene, Scene.Subject)), "revoked tokens");

        foreach (StoredToken row in rows)
        {
            await scene.ExpectUnchangedAsync(
                row.WithSecret(secret => secret with { RecoverableCopy = null }) with { RevokedAt = Scene.At(9), UpdatedAt = Scene.At(9), Version = row.Version + 1, NameKey = null });
        }

        await scene.ExpectUnchangedAsync(revokedBefore);
        Expect.Equal(0, await scene.RevokeAsync(AllOf(scene, Scene.Subject)), "tokens revoked by doing it again");
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
            TokenChange.RevokeAll change = scene.RevokeAll(filter) with { Most = filter is SubjectFilter.AnySubject ? TokenChange.RevokeAll.MaximumSize : null };
            Expect.Equal(count, await scene.RevokeAsync(change), $"tokens revoked for {filter}");
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

    private static async Task RevokingAll_Spared_StayAsTheyAreWithTheirPartners(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken[] rows = [.. Enumerable.Range(0, 7).Select(second => scene.Row(second))];
        rows[3] = rows[3] with { PredecessorId = rows[1].Id, SuccessorId = rows[5].Id };
        rows = await scene.AddAsync(rows);

        Expect.Equal(4, await scene.RevokeAsync(AllOf(scene, Scene.Subject) with { Spared = rows[3].Id }), "revoked tokens beside one with two partners that is spared");
        foreach (StoredToken row in (StoredToken[])[rows[1], rows[3], rows[5]])
        {
            await scene.ExpectUnchangedAsync(row);
        }

        Expect.Equal(3, await scene.RevokeAsync(AllOf(scene, Scene.Subject) with { Spared = scene.NextId() }), "revoked tokens when an unknown id is spared");
    }

    private static async Task RevokingAll_MoreThanAThousand_AreRevokedAtOnce(IStoreFixture fixture)
    {
        const int Count = TokenChange.RevokeAll.MaximumSize + 1;
        Scene scene = await Scene.OpenAsync(fixture);
        await scene.AddAsync(Enumerable.Range(0, Count).Select(second => scene.Row(second)));
        Expect.Equal(Count, await scene.RevokeAsync(AllOf(scene, Scene.Subject)), "tokens revoked at once");
        Expect.Equal(0, (await scene.ListAllAsync(new TokenQuery(Scene.Realm, SubjectFilter.Any))).Count, "tokens that are not revoked");
    }

    private static async Task RevokingAll_NothingThere_RevokesNothing(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        Expect.Equal(0, await scene.RevokeAsync(AllOf(scene, Scene.Subject)), "tokens revoked in an empty store");
    }

    private static async Task RevokingAll_Again_ChangesNothing(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        await scene.AddAsync(scene.Row());
        TokenChange.RevokeAll change = AllOf(scene, Scene.Subject);
        Expect.Equal(1, await scene.RevokeAsync(change), "revoked tokens");

        StoredToken later = await scene.AddAsync(scene.Row());
        Expect.Equal(0, await scene.RevokeAsync(change), "tokens revoked by the same change once more");
        await scene.ExpectUnchangedAsync(later);
    }

    private static async Task RevokingAll_InSteps_RevokesNoMoreThanEachMay(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken[] rows = await scene.AddAsync(Enumerable.Range(0, 9).Select(second => scene.Row(second)));
        Expect.Done(await scene.CommitAsync(scene.Revoke(rows[0])));
        Expect.Done(await scene.CommitAsync(scene.Revoke(rows[4])));

        TokenChange.RevokeAll step = AllOf(scene, Scene.Subject) with { Most = 3 };
        Expect.Sequence([3, 3, 1, 0], [await scene.RevokeAsync(step), await scene.RevokeAsync(step), await scene.RevokeAsync(step), await scene.RevokeAsync(step)], "tokens revoked, three at a time, among revoked ones");
        Expect.Equal(0, (await scene.ListAllAsync(new TokenQuery(Scene.Realm, SubjectFilter.Any))).Count, "tokens that are not revoked");
    }

    private static async Task RevokingAll_InStepsThatBeginWhereTheLastEnded_RevokesEach(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        await scene.AddAsync(((int[])[4, 2, 3, 2, 0, 2, 2, 1]).Select(second => scene.Row(second)));
        foreach (SubjectFilter owner in (SubjectFilter[])[SubjectFilter.Is(Scene.Subject), SubjectFilter.Any])
        {
            TokenChange.RevokeAll step = scene.RevokeAll(owner) with { Most = 2 };
            for (int left = 8; left > 0; left -= 2)
            {
                CommitResult result = await scene.CommitAsync(step);
                Expect.Equal(2, result.Written, $"tokens of {owner} revoked by one step of two, of {left} that are left");
                step = step with { CreatedFrom = result.Reached };
            }

            Expect.Equal(0, await scene.RevokeAsync(step), "tokens revoked by one step more");
            await scene.AddAsync(((int[])[0, 1, 1, 1, 1, 1, 2, 2]).Select(second => scene.Row(second)));
        }
    }

    private static async Task RevokingAll_InStepsByAToken_LeavesTheTokenAlone(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken acting = await scene.AddAsync(scene.Row() with { Scopes = ApiTokens.ManageScope });
        await scene.AddAsync(scene.Row(1), scene.Row(2));
        TokenChange.RevokeAll change = scene.RevokeAll(SubjectFilter.Is(Scene.Subject), actor: Acting.By(acting));

        Expect.Equal(2, await scene.RevokeAsync(change with { Most = 10 }), "tokens revoked in one step");
        await scene.ExpectUnchangedAsync(acting);
        Expect.Equal(1, await scene.RevokeAsync(change), "tokens revoked by the close");
        Expect.Equal(Scene.At(9), (await scene.ReadAsync(acting.Id)).RevokedAt, "revocation of the acting token");
    }

    private static async Task RevokingAll_InSteps_SparesThePartnersToo(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken[] rows = [.. Enumerable.Range(0, 6).Select(second => scene.Row(second))];
        rows[0] = rows[0] with { SuccessorId = rows[5].Id };
        rows[5] = rows[5] with { PredecessorId = rows[0].Id };
        rows = await scene.AddAsync(rows);
        StoredToken acting = await scene.AddAsync(scene.Row(subject: "manager") with { Scopes = ApiTokens.ManageScope });

        // No step of two finds both partners by itself.
        TokenChange.RevokeAll step = scene.RevokeAll(SubjectFilter.Is(Scene.Subject), actor: Acting.By(acting)) with { Most = 2, Spared = rows[5].Id };
        int revoked = 0;
        for (int number = 0; number < 6; number++)
        {
            revoked += await scene.RevokeAsync(step);
        }

        revoked += await scene.RevokeAsync(scene.RevokeAll(SubjectFilter.Is(Scene.Subject), actor: Acting.By(acting)) with { Spared = rows[5].Id });
        Expect.Equal(4, revoked, "tokens revoked beside one that is spared, and its partner");
        await scene.ExpectUnchangedAsync(rows[0]);
        await scene.ExpectUnchangedAsync(rows[5]);
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
                Guid[] before = [.. answered];
                await scene.RevokeAsync(AllOf(scene, Scene.Subject));
                foreach (Guid id in before)
                {
                    Expect.That((await scene.FindAsync(id))?.RevokedAt is not null, "a token whose issue was answered before a revoke-all began is revoked when that ends");
                }
            }
            while (!isLast);

            return 0;
        });
    }

    private static async Task RevokingAll_WhileTokensIssue_LeavesNoneThatTheyIssued(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenSharedAsync(fixture);
        for (int round = 0; round < 4; round++)
        {
            StoredToken first = await scene.AddAsync(scene.Row() with { Scopes = ApiTokens.ManageScope });
            using SemaphoreSlim issued = new(0);

            // Each of the others goes on with the newest token that it issued, until it is refused.
            await Together.RunAsync(4, async worker =>
            {
                if (worker == 0)
                {
                    await issued.WaitAsync();
                    await scene.RevokeAsync(AllOf(scene, Scene.Subject));
                    return 0;
                }

                StoredToken acting = first;
                for (int count = 0; count < 500; count++)
                {
                    StoredToken child = scene.Row() with { Scopes = ApiTokens.ManageScope, IssuedBy = acting.Id };
                    CommitResult result = await scene.StoreOf(worker).CommitAsync(scene.Issue(child, actor: Acting.By(acting)), CancellationToken.None);
                    issued.Release();
                    if (result.Outcome != CommitOutcome.Done)
                    {
                        Expect.Outcome(CommitOutcome.ActorLost, result);
                        break;
                    }

                    acting = Expect.Done(result);
                }

                return 0;
            });
            Expect.Equal(0, (await scene.ListAllAsync(new TokenQuery(Scene.Realm, SubjectFilter.Is(Scene.Subject)))).Count, "tokens left that a revoked token issued");
        }
    }

    private static async Task RevokingAll_EightTimesAtOnce_CountsEachTokenOnce(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenSharedAsync(fixture);
        StoredToken[] rows = await scene.AddAsync(Enumerable.Range(0, 30).Select(second => scene.Row(second)));

        CommitResult[] results = await Together.RunAsync(Together.Writers, async writer =>
            await scene.StoreOf(writer).CommitAsync(AllOf(scene, Scene.Subject) with { Most = writer % 2 == 0 ? 10 : null }, CancellationToken.None));

        Expect.Equal(rows.Length, results.Sum(result => result.Written), "tokens revoked by all together");
        foreach (StoredToken row in rows)
        {
            Expect.Equal(2, (await scene.FindAsync(row.Id))?.Version, "version of a token that was revoked once");
        }
    }

    private static async Task Counting_TokensThatAreNotRevoked_CountsThoseOfTheOwner(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        await scene.AddAsync(
            scene.Row(),
            scene.Row() with { ExpiresAt = Scene.Start },
            scene.Row() with { SuspendedAt = Scene.Start },
            scene.Row() with { RevokedAt = Scene.Start },
            scene.Row(subject: "1000 "),
            scene.Row(subject: ""),
            scene.Row() with { Realm = "web" });
        (SubjectFilter Owner, long Count)[] expected = [(SubjectFilter.Is(Scene.Subject), 3), (SubjectFilter.Is("1000 "), 1), (SubjectFilter.None, 1), (SubjectFilter.Any, 5), (SubjectFilter.Is("nobody"), 0)];
        foreach ((SubjectFilter owner, long count) in expected)
        {
            Expect.Equal(count, await scene.Store.CountAsync(Scene.Realm, owner, CancellationToken.None), $"tokens of {owner}");
        }
    }

    private static TokenChange.RevokeAll AllOf(Scene scene, string subject) => scene.RevokeAll(SubjectFilter.Is(subject));
}
