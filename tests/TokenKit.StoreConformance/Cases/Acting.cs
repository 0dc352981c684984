using TokenKit.Stores;

namespace TokenKit.StoreConformance.Cases;

/// <summary>A token's authority is judged by the row that the store has locked, and not by what the caller saw.</summary>
internal static class Acting
{
    private const string Scopes = $"read {ApiTokens.ManageScope} write";

    // What may become of an acting token after its caller was authenticated.
    private static readonly (string Name, RejectionReason Reason, Func<Scene, StoredToken, Task> Lose)[] Losses =
    [
        ("revoked", RejectionReason.ActorEnded, async (scene, row) => Expect.Done(await scene.CommitAsync(scene.Revoke(row)))),
        ("deleted", RejectionReason.ActorEnded, async (scene, row) => Expect.Outcome(CommitOutcome.Done, await scene.CommitAsync(scene.Delete(row)))),
        ("suspended", RejectionReason.ActorEnded, async (scene, row) => Expect.Done(await scene.CommitAsync(scene.Update(row with { SuspendedAt = Scene.Start })))),
        ("expired", RejectionReason.ActorEnded, async (scene, row) => Expect.Done(await scene.CommitAsync(scene.Update(row with { ExpiresAt = Scene.At(9) })))),
        ("stripped of its scope", RejectionReason.MayNotManage, async (scene, row) => Expect.Done(await scene.CommitAsync(scene.Update(row with { Scopes = "read write" })))),
    ];

    public static IReadOnlyList<StoreCase> Cases { get; } =
    [
        StoreCase.Of(Acting_RightLost_MakesNoChange),
        StoreCase.Of(Acting_RightLost_IsNotRemembered),
        StoreCase.Of(Acting_RepeatedChangeByLostActor_IsDone),
        StoreCase.Of(Acting_OfAnotherRealm_MakesNoChange),
        StoreCase.Of(Acting_OnItself_MayRevokeAndDeleteItself),
        StoreCase.Of(Acting_ScopesNarrowedMeanwhile_PassesOnWhatIsLeft),
        StoreCase.Of(Acting_ExpiryShortenedMeanwhile_GivesNoPowerBeyondIt),
        StoreCase.Of(Acting_PowerNotGiven_LeavesTheExpiryAlone),
        StoreCase.Of(Acting_TouchedAndRehashedMeanwhile_Acts),
        StoreCase.Of(Acting_RevokedAtOnce_CommitsNothingAfterwards),
        StoreCase.Of(Acting_OnEachOther_NeitherWaitsForEver),
    ];

    /// <summary>A token that acts, as its caller saw it.</summary>
    public static TokenActor By(StoredToken row, TokenAuthority required = TokenAuthority.Manage) => TokenActor.For(ApiToken.From(row), required);

    private static async Task Acting_RightLost_MakesNoChange(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        foreach ((string name, RejectionReason reason, Func<Scene, StoredToken, Task> lose) in Losses)
        {
            StoredToken acting = await scene.AddAsync(scene.Row(subject: name) with { Scopes = Scopes });
            StoredToken target = await scene.AddAsync(scene.Row(subject: name) with { SuspendedAt = Scene.Start });
            StoredToken child = scene.Row(subject: name);
            await lose(scene, acting);

            foreach (TokenChange change in ChangesBy(By(acting), scene, target, child))
            {
                CommitResult result = await scene.CommitAsync(change);
                Expect.That(result.Outcome == CommitOutcome.ActorLost, $"{change.GetType().Name} by a token that was {name}: expected ActorLost, got {result.Outcome}");
                Expect.Equal(reason, result.Reason, $"reason against a token that was {name}");
                await scene.ExpectUnchangedAsync(target);
                Expect.That(await scene.FindAsync(child.Id) is null, $"a token that was {name} issues nothing");
            }
        }
    }

    private static async Task Acting_RightLost_IsNotRemembered(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken acting = await scene.AddAsync(scene.Row() with { Scopes = Scopes });
        StoredToken suspended = Expect.Done(await scene.CommitAsync(scene.Update(acting with { SuspendedAt = Scene.Start })));
        TokenChange.Issue issue = scene.Issue(scene.Row(), actor: By(acting));
        Expect.Outcome(CommitOutcome.ActorLost, await scene.CommitAsync(issue));

        Expect.Done(await scene.CommitAsync(scene.Update(suspended with { SuspendedAt = null })));
        Expect.Done(await scene.CommitAsync(issue));
    }

    private static async Task Acting_RepeatedChangeByLostActor_IsDone(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        foreach ((string name, _, Func<Scene, StoredToken, Task> lose) in Losses)
        {
            StoredToken acting = await scene.AddAsync(scene.Row(subject: name) with { Scopes = Scopes });
            StoredToken target = await scene.AddAsync(scene.Row(subject: name));
            TokenChange.Issue issue = scene.Issue(scene.Row(subject: name), actor: By(acting));
            TokenChange.Revoke revoke = scene.Revoke(target, actor: By(acting));
            StoredToken issued = Expect.Done(await scene.CommitAsync(issue));
            StoredToken revoked = Expect.Done(await scene.CommitAsync(revoke));
            await lose(scene, acting);

            Expect.Same(issued, Expect.Done(await scene.CommitAsync(issue)), "the row of a repeated issue");
            Expect.Same(revoked, Expect.Done(await scene.CommitAsync(revoke)), "the row of a repeated revocation");
        }
    }

    private static async Task Acting_OfAnotherRealm_MakesNoChange(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken acting = await scene.AddAsync(scene.Row() with { Realm = "web", Scopes = Scopes });
        StoredToken target = await scene.AddAsync(scene.Row());
        foreach (TokenChange change in ChangesBy(By(acting), scene, target, scene.Row()))
        {
            CommitResult result = await scene.CommitAsync(change);
            Expect.Outcome(CommitOutcome.ActorLost, result);
            Expect.Equal(RejectionReason.MayNotManage, result.Reason, "reason against a token of another realm");
        }

        await scene.ExpectUnchangedAsync(target);
    }

    private static async Task Acting_OnItself_MayRevokeAndDeleteItself(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken first = await scene.AddAsync(scene.Row());
        TokenChange.Revoke revoke = scene.Revoke(first, now: 9, By(first, TokenAuthority.Possession));
        StoredToken revoked = Expect.Done(await scene.CommitAsync(revoke));
        Expect.Equal(Scene.At(9), revoked.RevokedAt, "revocation of a token by itself");
        Expect.Same(revoked, Expect.Done(await scene.CommitAsync(revoke)), "the row of a revocation that is repeated");
        Expect.Outcome(CommitOutcome.ActorLost, await scene.CommitAsync(scene.Revoke(first, now: 10, By(first, TokenAuthority.Possession))));

        StoredToken second = await scene.AddAsync(scene.Row());
        Expect.Outcome(CommitOutcome.ActorLost, await scene.CommitAsync(scene.Delete(first, actor: By(second, TokenAuthority.Possession))));
        Expect.Outcome(CommitOutcome.Done, await scene.CommitAsync(scene.Delete(second, actor: By(second, TokenAuthority.Possession))));
        Expect.That(await scene.FindAsync(second.Id) is null, "a token that deleted itself is gone");
    }

    private static async Task Acting_ScopesNarrowedMeanwhile_PassesOnWhatIsLeft(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken acting = await scene.AddAsync(scene.Row() with { Scopes = Scopes });
        StoredToken target = await scene.AddAsync(scene.Row() with { Scopes = "read", SuspendedAt = Scene.Start });
        StoredToken powerful = await scene.AddAsync(scene.Row() with { Scopes = "write", SuspendedAt = Scene.Start });
        Expect.Done(await scene.CommitAsync(scene.Update(acting with { Scopes = $"read {ApiTokens.ManageScope}" })));

        TokenChange.Issue issue = scene.Issue(scene.Row() with { Scopes = "read write" }, actor: By(acting));
        TokenChange[] exceeding =
        [
            issue,
            new TokenChange.Update(Scene.Clock(1), target, By(acting)) { Scopes = "read write" },
            new TokenChange.Update(Scene.Clock(1), powerful, By(acting)) { Suspended = false },
            new TokenChange.Update(Scene.Clock(1), powerful, By(acting)) { Secret = powerful.Secret with { Hash = "other" } },
        ];
        foreach (TokenChange change in exceeding)
        {
            CommitResult result = await scene.CommitAsync(change);
            Expect.Outcome(CommitOutcome.ActorLost, result);
            Expect.Equal(RejectionReason.ScopesExceedIssuer, result.Reason, "reason against scopes that were lost");
        }

        await scene.ExpectUnchangedAsync(target);
        await scene.ExpectUnchangedAsync(powerful);
        Expect.Equal("read", Expect.Done(await scene.CommitAsync(issue with { LeavesOutScopes = true })).Scopes, "scopes passed on by default");
        Expect.That(Expect.Done(await scene.CommitAsync(new TokenChange.Update(Scene.Clock(1), target, By(acting)) { Suspended = false })).SuspendedAt is null, "a token within the scopes that are left can be resumed");
    }

    private static async Task Acting_ExpiryShortenedMeanwhile_GivesNoPowerBeyondIt(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken acting = await scene.AddAsync(scene.Row() with { Scopes = Scopes });
        StoredToken target = scene.Row() with { Scopes = "read", SuspendedAt = Scene.Start };
        StoredToken[] targets = await scene.AddAsync(Enumerable.Range(0, 4).Select(_ => target with { Id = scene.NextId() }));
        Expect.Done(await scene.CommitAsync(scene.Update(acting with { ExpiresAt = Scene.At(60) })));

        TokenChange[] changes =
        [
            scene.Issue(scene.Row(), actor: By(acting)),
            new TokenChange.Update(Scene.Clock(1), targets[0], By(acting)) { Scopes = "read write" },
            new TokenChange.Update(Scene.Clock(1), targets[1], By(acting)) { Suspended = false },
            new TokenChange.Update(Scene.Clock(1), targets[2], By(acting)) { Secret = target.Secret with { Hash = "other" } },
        ];
        foreach (TokenChange change in changes)
        {
            CommitResult result = await scene.CommitAsync(change);
            Expect.Equal(Scene.At(60), Expect.Done(result).ExpiresAt, $"expiry after {change}");
            Expect.That(result.ExpiryClamped, "the answer says that the expiry was cut");
            Expect.Equal(Scene.At(60), (await scene.ReadAsync(change.Target!.Value)).ExpiresAt, "expiry in the store");
        }

        StoredToken ending = Expect.Done(await scene.CommitAsync(scene.Update(targets[3] with { ExpiresAt = Scene.At(30) })));
        TokenChange.Update later = new(Scene.Clock(1), ending, By(acting)) { ExpiresAt = Scene.At(90) };
        Expect.Equal(Scene.At(60), Expect.Done(await scene.CommitAsync(later)).ExpiresAt, "expiry that was put off");
    }

    private static async Task Acting_PowerNotGiven_LeavesTheExpiryAlone(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken acting = await scene.AddAsync(scene.Row() with { Scopes = $"read {ApiTokens.ManageScope}", ExpiresAt = Scene.At(60) });
        StoredToken row = await scene.AddAsync(scene.Row() with { Scopes = "read admin" });
        TokenChange.Update[] changes =
        [
            new(Scene.Clock(1), row, By(acting)) { Name = "renamed" },
            new(Scene.Clock(1), row, By(acting)) { Suspended = true },
            new(Scene.Clock(1), row, By(acting)) { WireData = "{}" },
            new(Scene.Clock(1), row, By(acting)) { Scopes = "read" },
            new(Scene.Clock(1), row, By(acting)) { ExpiresAt = Scene.At(600) },
        ];
        foreach (TokenChange.Update change in changes)
        {
            CommitResult result = await scene.CommitAsync(change);
            Expect.Equal(change.ExpiresAt.Or(null), Expect.Done(result).ExpiresAt, "expiry after a change that gives no power");
            Expect.That(!result.ExpiryClamped, "no expiry was cut");
        }
    }

    private static async Task Acting_TouchedAndRehashedMeanwhile_Acts(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken acting = await scene.AddAsync(scene.Row() with { Scopes = Scopes });
        await scene.BatchAsync(new TokenBatch.Touch([new TokenUse(acting.Id, Scene.At(5))]));
        Expect.Done(await scene.CommitAsync(scene.Rehash(acting.WithSecret(secret => secret with { Hash = "other" }), acting.Secret.Hash)));
        Expect.Done(await scene.CommitAsync(scene.Issue(scene.Row(), actor: By(acting))));
    }

    private static async Task Acting_RevokedAtOnce_CommitsNothingAfterwards(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenSharedAsync(fixture);
        for (int round = 0; round < 4; round++)
        {
            string subject = $"{round}";
            StoredToken acting = await scene.AddAsync(scene.Row(subject: subject) with { Scopes = Scopes });
            StoredToken target = await scene.AddAsync(scene.Row(subject: subject));
            TokenQuery all = new(Scene.Realm, SubjectFilter.Is(subject)) { Limit = TokenQuery.MaximumLimit };
            IReadOnlyList<Guid> issued = [];
            StoredToken? changed = null;
            bool isRevoked = false;
            await Together.RunAsync(Together.Writers, async writer =>
            {
                if (writer == 0)
                {
                    await Task.Delay(5);
                    Expect.Done(await scene.Store.CommitAsync(scene.Revoke(acting), CancellationToken.None));
                    Volatile.Write(ref isRevoked, true);
                    issued = await scene.ListAllAsync(all);
                    changed = await scene.ReadAsync(target.Id);
                    return 0;
                }

                for (int count = 0; count < 200; count++)
                {
                    bool wasRevoked = Volatile.Read(ref isRevoked);
                    TokenChange change = writer % 2 == 0
                        ? scene.Issue(scene.Row(subject: subject), actor: By(acting))
                        : new TokenChange.Update(Scene.Clock(1), target, By(acting)) { Name = $"{writer}.{count}" };
                    CommitResult result = await scene.StoreOf(writer).CommitAsync(change, CancellationToken.None);
                    Expect.That(!wasRevoked || result.Outcome == CommitOutcome.ActorLost, $"a change that begins after the revocation of its token was answered {result.Outcome}");
                    if (result.Outcome != CommitOutcome.Done)
                    {
                        Expect.Outcome(CommitOutcome.ActorLost, result);
                        break;
                    }
                }

                return 0;
            });

            // Changes that had begun before are there when the revocation is answered, or never.
            Expect.Equal(issued.Count, (await scene.ListAllAsync(all)).Count, "tokens when the revocation of their issuer was answered, and later");
            Expect.Same(changed!, await scene.FindAsync(target.Id), "a token when the revocation of the acting token was answered, and later");
        }
    }

    private static async Task Acting_OnEachOther_NeitherWaitsForEver(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenSharedAsync(fixture);
        StoredToken[] rows = await scene.AddAsync(Enumerable.Range(0, 2).Select(_ => scene.Row() with { Scopes = Scopes }));
        CommitResult[][] results = await Together.RunAsync(Together.Writers, async writer =>
        {
            List<CommitResult> mine = [];
            for (int count = 0; count < 25; count++)
            {
                TokenChange.Update change = new(Scene.Clock(1), rows[writer % 2], By(rows[(writer + (count / 2)) % 2])) { Name = $"{writer}.{count}" };
                mine.Add(await scene.StoreOf(writer / 2).CommitAsync(change, CancellationToken.None));
            }

            return mine.ToArray();
        });
        Expect.Outcomes([.. results.SelectMany(mine => mine)], (CommitOutcome.Done, Together.Writers * 25));
    }

    private static TokenChange[] ChangesBy(TokenActor actor, Scene scene, StoredToken target, StoredToken child) =>
    [
        scene.Issue(child, now: 9, actor: actor),
        new TokenChange.Update(Scene.Clock(9), target, actor) { Name = "renamed" },
        new TokenChange.Update(Scene.Clock(9), target, actor) { Suspended = false },
        new TokenChange.Update(Scene.Clock(9), target, actor) { Secret = target.Secret with { Hash = "other" } },
        scene.Revoke(target, now: 9, actor),
        scene.Delete(target, now: 9, actor),
        scene.RevokeAll(SubjectFilter.Is(target.Subject), now: 9, actor),
        scene.RevokeAll(SubjectFilter.Any, now: 9, actor) with { Most = 10 },
    ];
}
