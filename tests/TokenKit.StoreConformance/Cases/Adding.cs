using TokenKit.Stores;

namespace TokenKit.StoreConformance.Cases;

/// <summary>A row that was added reads back exactly.</summary>
internal static class Adding
{
    public static IReadOnlyList<StoreCase> Cases { get; } =
    [
        StoreCase.Of(Adding_EveryColumnFilled_ReadsBackExactly),
        StoreCase.Of(Adding_RevokedRow_ReadsBackExactly),
        StoreCase.Of(Adding_NothingOptional_ReadsBackNulls),
        StoreCase.Of(Adding_EmptyTextsAndBytes_AreNotNull),
        StoreCase.Of(Adding_LongestTexts_ReadBackExactly),
        StoreCase.Of(Adding_Row_AnswersWithWhatIsStored),
        StoreCase.Of(Adding_ArraysWipedAfterwards_RowKeepsItsBytes),
        StoreCase.Of(Adding_TakenId_IsDuplicate),
        StoreCase.Of(Adding_EightWritersOfOneId_OneWins),
        StoreCase.Of(Adding_OnOneInstance_IsFoundByAnotherAtOnce),
        StoreCase.Of(Finding_UnknownId_GivesNothing),
    ];

    private static async Task Adding_EveryColumnFilled_ReadsBackExactly(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken row = scene.FullRow();
        string[] empty =
        [
            .. typeof(StoredToken).GetProperties().Where(column => column.GetValue(row) is null).Select(column => column.Name),
        ];
        Expect.Sequence([nameof(StoredToken.RevokedAt)], empty, "columns that a full living row leaves empty");

        await ExpectReadsBackAsync(scene, row);
    }

    private static async Task Adding_RevokedRow_ReadsBackExactly(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        await ExpectReadsBackAsync(scene, scene.FullRow().WithSecret(secret => secret with { RecoverableCopy = null }) with { RevokedAt = Scene.At(5), NameKey = null });
    }

    private static async Task Adding_NothingOptional_ReadsBackNulls(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        await ExpectReadsBackAsync(scene, scene.Row());
    }

    private static async Task Adding_EmptyTextsAndBytes_AreNotNull(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        await ExpectReadsBackAsync(
            scene,
            scene.Row(subject: "").WithSecret(secret => secret with
            {
                Hint = "",
                KeyId = "",
                RecoverableCopy = [],
            }) with { Name = "", Scopes = "", Actor = "", WireData = "" });
    }

    private static async Task Adding_LongestTexts_ReadBackExactly(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        await ExpectReadsBackAsync(
            scene,
            scene.Row(subject: new string('s', ApiToken.MaximumSubjectLength)).WithSecret(secret => secret with { RecoverableCopy = new byte[4096] }) with
            {
                Realm = new string('r', ApiToken.MaximumNameOfRealmLength),
                Kind = new string('k', ApiToken.MaximumNameOfRealmLength),
                Scopes = new string('x', ScopeSet.MaximumLength),
                Actor = new string('ä', ApiToken.MaximumSubjectLength),
                WireData = new string('ß', ApiToken.MaximumWireDataBytes / 2),
            });
    }

    private static async Task Adding_Row_AnswersWithWhatIsStored(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken answered = await scene.AddAsync(scene.FullRow());
        Expect.Same(answered, await scene.FindAsync(answered.Id), "the row that was answered, read back");
    }

    private static async Task Adding_ArraysWipedAfterwards_RowKeepsItsBytes(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken given = scene.FullRow();
        StoredToken kept = given.WithSecret(secret => secret with
        {
            Tag = [.. given.Secret.Tag!],
            Verifier = [.. given.Secret.Verifier!],
            RecoverableCopy = [.. given.Secret.RecoverableCopy!],
        }) with
        {
            NameKey = [.. given.NameKey!],
        };

        StoredToken answered = await scene.AddAsync(given);
        kept = kept with { Sequence = answered.Sequence };
        Wipe(given);
        Wipe(answered);
        Wipe(await scene.ReadAsync(given.Id));
        Wipe(await scene.FirstAsync(new TokenQuery(Scene.Realm, SubjectFilter.Any)));

        Expect.Same(kept, await scene.FindAsync(given.Id), "a row whose arrays were wiped by the caller");
        Expect.Outcome(CommitOutcome.NameTaken, await scene.TryAddAsync(scene.Row() with { NameKey = kept.NameKey }));
    }

    private static void Wipe(StoredToken row)
    {
        foreach (byte[]? bytes in (byte[]?[])[row.NameKey, row.Secret.Tag, row.Secret.Verifier, row.Secret.RecoverableCopy])
        {
            Expect.That(bytes is not null, "a full row has all its binary columns");
            Array.Clear(bytes);
        }
    }

    private static async Task Adding_TakenId_IsDuplicate(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken first = await scene.AddAsync(scene.FullRow());

        Expect.Outcome(CommitOutcome.Duplicate, await scene.TryAddAsync(scene.Row() with { Id = first.Id }));
        Expect.Outcome(CommitOutcome.Duplicate, await scene.TryAddAsync(scene.Row(subject: "1001") with { Id = first.Id, Realm = "web" }));
        await scene.ExpectUnchangedAsync(first);
    }

    private static async Task Adding_EightWritersOfOneId_OneWins(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenSharedAsync(fixture);
        Guid id = scene.NextId();

        CommitResult[] results = await Together.RunAsync(Together.Writers, async writer =>
            await scene.StoreOf(writer).CommitAsync(scene.Issue(scene.Row(writer) with { Id = id }), CancellationToken.None));

        Expect.Outcomes(results, (CommitOutcome.Done, 1), (CommitOutcome.Duplicate, Together.Writers - 1));
        await scene.ExpectUnchangedAsync(Expect.Done(results.Single(result => result.Outcome == CommitOutcome.Done)));
    }

    private static async Task Adding_OnOneInstance_IsFoundByAnotherAtOnce(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenSharedAsync(fixture);
        for (int round = 0; round < 20; round++)
        {
            StoredToken row = scene.Row(round);
            StoredToken added = Expect.Done(await scene.StoreOf(round).CommitAsync(scene.Issue(row), CancellationToken.None));
            Expect.Same(added, await scene.StoreOf(round + 1).FindAsync(row.Id, CancellationToken.None), "a row that the other instance added");

            StoredToken revoked = Expect.Done(await scene.StoreOf(round + 1).CommitAsync(scene.Revoke(row, round), CancellationToken.None));
            Expect.Same(revoked, await scene.StoreOf(round).FindAsync(row.Id, CancellationToken.None), "a row that the other instance revoked");
        }
    }

    private static async Task Finding_UnknownId_GivesNothing(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        await scene.AddAsync(scene.Row());
        foreach (Guid id in (Guid[])[scene.NextId(), Guid.Empty, Guid.AllBitsSet])
        {
            Expect.That(await scene.FindAsync(id) is null, $"nothing is found for the unknown id {id}");
        }
    }

    private static async Task ExpectReadsBackAsync(Scene scene, StoredToken row)
    {
        StoredToken added = await scene.AddAsync(row);
        StoredToken expected = row with { Sequence = added.Sequence };
        Expect.Same(expected, added, "the row that was answered");
        Expect.Same(expected, await scene.FindAsync(row.Id), "the row that was found");
        TokenPage page = await scene.ListAsync(new TokenQuery(row.Realm, SubjectFilter.Any) { IncludeRevoked = true });
        Expect.Same(expected, page.Tokens.SingleOrDefault(), "the row that was listed");
    }
}
