using TokenKit.Stores;

namespace TokenKit.StoreConformance.Cases;

/// <summary>Lists come in pages that fit together, whatever happens to the store in between.</summary>
internal static class Paging
{
    private static readonly TokenOrder[] Orders = [TokenOrder.NewestFirst, TokenOrder.Inserted];

    public static IReadOnlyList<StoreCase> Cases { get; } =
    [
        StoreCase.Of(Paging_EveryLimit_ListsEachRowOnceInOrder),
        StoreCase.Of(Paging_EqualInstants_OrdersByBytesOfId),
        StoreCase.Of(Paging_RowsAddedBetweenPages_NeitherRepeatNorHideOthers),
        StoreCase.Of(Paging_WritersAtWork_NeitherRepeatNorHideOthers),
        StoreCase.Of(Paging_RowsChangedBetweenPages_KeepTheirPlaces),
        StoreCase.Of(Paging_LastRowOfPageDeleted_GoesOnBehindIt),
        StoreCase.Of(Paging_RowsPassedOver_DoNotCountAsMore),
        StoreCase.Of(Paging_BehindEverything_IsEmpty),
        StoreCase.Of(Paging_EmptyStore_IsEmpty),
    ];

    private static async Task Paging_EveryLimit_ListsEachRowOnceInOrder(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken[] rows = await AddSevenAsync(scene);

        foreach (TokenOrder order in Orders)
        {
            StoredToken[] expected = InOrder(rows, order);
            for (int limit = 1; limit <= rows.Length + 1; limit++)
            {
                TokenPosition? after = null;
                for (int begin = 0; begin < rows.Length; begin += limit)
                {
                    TokenPage page = await scene.ListAsync(Query(order, limit) with { After = after });
                    Expect.Sequence(expected.Skip(begin).Take(limit).Select(row => row.Id), page.Tokens.Select(row => row.Id), $"{order}, page of {limit} behind {begin} rows");
                    Expect.Equal(begin + limit < rows.Length, page.HasMore, $"{order}, whether more comes behind {begin} rows and a page of {limit}");
                    after = Scene.PositionOf(page.Tokens[^1]);
                }
            }
        }
    }

    private static async Task Paging_EqualInstants_OrdersByBytesOfId(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        // In ascending order of bytes: signed comparison, little-endian groups and text with dashes would each order them otherwise.
        Guid[] ascending =
        [
            Guid.Parse("00000000-0000-7000-8000-000000000001"),
            Guid.Parse("00000000-0000-7000-8000-000000000100"),
            Guid.Parse("00000000-0000-7000-bfff-ffffffffffff"),
            Guid.Parse("00000001-0000-7000-8000-000000000000"),
            Guid.Parse("00000100-0000-7000-8000-000000000000"),
            Guid.Parse("01000000-0000-7000-8000-000000000000"),
            Guid.Parse("7fffffff-ffff-7fff-bfff-ffffffffffff"),
            Guid.Parse("80000000-0000-7000-8000-000000000000"),
            Guid.Parse("ffffffff-0000-7000-8000-000000000000"),
        ];
        foreach (Guid id in ascending.OrderBy(id => id.ToString()[^4..], StringComparer.Ordinal))
        {
            await scene.AddAsync(scene.Row() with { Id = id });
        }

        Expect.Sequence(ascending.Reverse(), await scene.ListAllAsync(Query(TokenOrder.NewestFirst, limit: 2)), "ids of one instant, newest first");
    }

    private static async Task Paging_RowsAddedBetweenPages_NeitherRepeatNorHideOthers(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken[] rows = await AddSevenAsync(scene);

        foreach (TokenOrder order in Orders)
        {
            List<Guid> listed = [];
            TokenQuery query = Query(order, limit: 2);
            for (TokenPage page = await scene.ListAsync(query); ; page = await scene.ListAsync(query))
            {
                listed.AddRange(page.Tokens.Select(row => row.Id));
                if (listed.Count >= 100 || !page.HasMore)
                {
                    break;
                }

                // Newer than all, older than all, and of the very instant where the list goes on.
                StoredToken last = page.Tokens[^1];
                if (listed.Count < rows.Length)
                {
                    await scene.AddAsync(scene.Row(1000), scene.Row(-1000), scene.Row() with { CreatedAt = last.CreatedAt });
                }

                query = query with { After = Scene.PositionOf(last) };
            }

            ExpectEachOnceInOrder(rows, listed, order);
        }
    }

    private static async Task Paging_WritersAtWork_NeitherRepeatNorHideOthers(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenSharedAsync(fixture);
        StoredToken[] rows = await AddSevenAsync(scene);

        // The first of the workers reads while the others write.
        await Together.RunAsync(4, async worker =>
        {
            for (int round = 0; round < 8; round++)
            {
                if (worker > 0)
                {
                    Expect.Done(await scene.StoreOf(worker).CommitAsync(scene.Issue(scene.Row((round * 7) - 28)), CancellationToken.None));
                    continue;
                }

                TokenOrder order = Orders[round % 2];
                ExpectEachOnceInOrder(rows, await scene.ListAllAsync(Query(order, limit: 2)), order);
            }

            return 0;
        });
    }

    private static async Task Paging_RowsChangedBetweenPages_KeepTheirPlaces(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken[] rows = await AddSevenAsync(scene);
        foreach (TokenOrder order in Orders)
        {
            StoredToken[] expected = InOrder(rows, order);
            TokenPage first = await scene.ListAsync(Query(order, limit: 3));
            foreach (StoredToken row in first.Tokens.Concat(expected[^2..]))
            {
                Expect.Done(await scene.CommitAsync(scene.Update((await scene.ReadAsync(row.Id)) with { Name = "renamed" }, now: 500)));
                await scene.BatchAsync(new TokenBatch.Touch([new TokenUse(row.Id, Scene.At(600))]));
            }

            TokenQuery rest = Query(order, limit: 3) with { After = Scene.PositionOf(first.Tokens[^1]) };
            Expect.Sequence(expected[3..].Select(row => row.Id), await scene.ListAllAsync(rest), $"{order}, what comes behind the first page");
        }
    }

    private static async Task Paging_LastRowOfPageDeleted_GoesOnBehindIt(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken[] rows = await AddSevenAsync(scene);
        foreach (TokenOrder order in Orders)
        {
            TokenPage first = await scene.ListAsync(Query(order, limit: 2));
            StoredToken last = first.Tokens[^1];
            Expect.Outcome(CommitOutcome.Done, await scene.CommitAsync(scene.Delete(last)));
            IEnumerable<Guid> expected = InOrder(rows, order).SkipWhile(row => row.Id != last.Id).Skip(1).Select(row => row.Id);
            Expect.Sequence(expected, await scene.ListAllAsync(Query(order, limit: 2) with { After = Scene.PositionOf(last) }), $"{order}, what comes behind a row that is gone");
            rows = [.. rows.Where(row => row.Id != last.Id)];
        }
    }

    private static async Task Paging_RowsPassedOver_DoNotCountAsMore(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken revoked = scene.Row(-2) with { RevokedAt = Scene.Start };
        await scene.AddAsync(revoked, scene.Row(-1) with { Kind = "session" }, scene.Row(1), scene.Row(2), scene.Row(-3) with { RevokedAt = Scene.Start }, scene.Row(-4) with { Kind = "session" });

        foreach (TokenOrder order in Orders)
        {
            TokenPage page = await scene.ListAsync(Query(order, limit: 2) with { Kind = Scene.Kind });
            Expect.Equal(2, page.Tokens.Count, $"{order}, rows of the kind that are not revoked");
            Expect.Equal(false, page.HasMore, $"{order}, whether more of the kind comes");
        }
    }

    private static async Task Paging_BehindEverything_IsEmpty(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        StoredToken[] rows = await AddSevenAsync(scene);
        foreach (TokenOrder order in Orders)
        {
            ExpectEmpty(await scene.ListAsync(Query(order, limit: 2) with { After = Scene.PositionOf(InOrder(rows, order)[^1]) }));
        }
    }

    private static async Task Paging_EmptyStore_IsEmpty(IStoreFixture fixture)
    {
        Scene scene = await Scene.OpenAsync(fixture);
        foreach (TokenOrder order in Orders)
        {
            ExpectEmpty(await scene.ListAsync(Query(order, limit: 1)));
        }
    }

    private static void ExpectEmpty(TokenPage page)
    {
        Expect.Equal(0, page.Tokens.Count, "rows of an empty page");
        Expect.Equal(false, page.HasMore, "whether more comes behind an empty page");
    }

    private static void ExpectEachOnceInOrder(StoredToken[] rows, IReadOnlyCollection<Guid> listed, TokenOrder order)
    {
        HashSet<Guid> ids = [.. rows.Select(row => row.Id)];
        Expect.Sequence(InOrder(rows, order).Select(row => row.Id), listed.Where(ids.Contains), $"{order}, the rows that were there before");
        Expect.Equal(listed.Count, listed.Distinct().Count(), $"{order}, different rows among those listed");
    }

    private static TokenQuery Query(TokenOrder order, int limit) => new(Scene.Realm, SubjectFilter.Is(Scene.Subject)) { Order = order, Limit = limit };

    /// <summary>Seven rows, three of them of one instant, which are neither inserted in the order of their instants nor of their ids.</summary>
    private static async Task<StoredToken[]> AddSevenAsync(Scene scene)
    {
        StoredToken[] rows = [.. ((int[])[3, 0, 3, 7, -5, 3, 1]).Select(second => scene.Row(second))];
        (rows[0], rows[2]) = (rows[2], rows[0]);
        return await scene.AddAsync(rows);
    }

    private static StoredToken[] InOrder(IEnumerable<StoredToken> rows, TokenOrder order) => order == TokenOrder.Inserted
        ? [.. rows.OrderBy(row => row.Sequence)]
        : [.. rows.OrderByDescending(row => row.CreatedAt).ThenByDescending(row => Convert.ToHexString(row.Id.ToByteArray(bigEndian: true)), StringComparer.Ordinal)];
}
