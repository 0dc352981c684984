using System.Collections.Concurrent;
using TokenKit.Stores;

namespace TokenKit.Tests.Stores.StoreDefects;

/// <summary>Stores that list or count what was not asked for, or not in that order.</summary>
internal static class Listing
{
    public static IReadOnlyList<StoreDefect> All { get; } =
    [
        new("IgnoresSubject", "Subjects_Lists_HoldNobodyElse", () => Querying(query => new TokenQuery(query.Realm, SubjectFilter.Any) { Limit = query.Limit, After = query.After })),
        new("IgnoresCaseOfSubjects", "Texts_SubjectsThatLookAlike_AreDifferent", () => Querying(query => query.Subject is SubjectFilter.OneSubject { Subject: "ISTANBUL" } ? Copy(query, SubjectFilter.Is("istanbul")) : query)),
        new("ListsRevokedTokens", "Subjects_RevokedTokens_AreListedOnRequest", () => Querying(query => query with { IncludeRevoked = true })),
        new("IgnoresKind", "Subjects_KindFilter_HoldsThatKind", () => Querying(query => query with { Kind = null })),
        new("GuessesThatMoreComes", "Paging_EveryLimit_ListsEachRowOnceInOrder", () => Paging((query, page) => page with { HasMore = page.Tokens.Count == query.Limit })),
        new("AlwaysSaysThatMoreComes", "Paging_EmptyStore_IsEmpty", () => Paging((_, page) => page with { HasMore = true })),
        new("HidesWhatCannotBeUsed", "Subjects_ExpiredAndSuspendedTokens_AreListed", () => Paging((_, page) => page with { Tokens = [.. page.Tokens.Where(row => row.ExpiresAt is null && row.SuspendedAt is null)] })),
        new("OrdersIdsByGroups", "Paging_EqualInstants_OrdersByBytesOfId", () => Ordering(row => Convert.ToHexString(row.Id.ToByteArray()))),
        new("OrdersBySeconds", "Instants_OneMicrosecondApart_OrderLists", () => Ordering(row => $"{row.CreatedAt:s} {row.Id}")),
        new("OrdersInstantsUnsigned", "Instants_AllTheYears_OrderLists", () => Ordering(row => $"{UnixMicroseconds.From(row.CreatedAt):X16}")),
        new("PagesByOffset", "Paging_RowsAddedBetweenPages_NeitherRepeatNorHideOthers", PagesByOffset),
        new("CountsRevokedTokens", "Counting_TokensThatAreNotRevoked_CountsThoseOfTheOwner", () => new AlteredStore
        {
            Count = (rows, realm, owner) => rows.List(new TokenQuery(realm, owner) { IncludeRevoked = true, Limit = TokenQuery.MaximumLimit }).Tokens.Count,
        }),
        new("CountsUsableTokens", "Counting_TokensThatAreNotRevoked_CountsThoseOfTheOwner", () => new AlteredStore
        {
            Count = (rows, realm, owner) => rows.Unrevoked(realm, owner).Count(row => row.ExpiresAt is null && row.SuspendedAt is null),
        }),
        new("CountsTheWholeRealm", "Counting_TokensThatAreNotRevoked_CountsThoseOfTheOwner", () => new AlteredStore { Count = (rows, realm, _) => rows.Unrevoked(realm, SubjectFilter.Any).Count() }),
        new("IgnoresCancellationOfReads", "Cancellation_BeforeReading_Throws", () => new AlteredStore { Notices = call => call is TokenQuery ? Noticing.Never : Noticing.Before }),
        new("IgnoresCancellationOfCounts", "Cancellation_BeforeReading_Throws", () => new AlteredStore { Notices = call => call is SubjectFilter ? Noticing.Never : Noticing.Before }),
    ];

    private static AlteredStore Querying(Func<TokenQuery, TokenQuery> alter) => new() { List = (rows, query) => rows.List(alter(query)) };

    private static TokenQuery Copy(TokenQuery query, SubjectFilter subject) =>
        new(query.Realm, subject) { Kind = query.Kind, IncludeRevoked = query.IncludeRevoked, Order = query.Order, Limit = query.Limit, After = query.After };

    private static AlteredStore Paging(Func<TokenQuery, TokenPage, TokenPage> alter) => new() { List = (rows, query) => alter(query, rows.List(query)) };

    /// <summary>Sorts by a text, descending, and goes on behind the row that the position names.</summary>
    private static AlteredStore Ordering(Func<StoredToken, string> text) => new()
    {
        List = (rows, query) =>
        {
            TokenPage all = rows.List(query with { After = null, Limit = TokenQuery.MaximumLimit });
            List<StoredToken> sorted = [.. all.Tokens.OrderByDescending(text, StringComparer.Ordinal)];
            sorted.RemoveRange(0, 1 + sorted.FindIndex(row => row.Id == query.After?.Id));
            return new TokenPage([.. sorted.Take(query.Limit)], sorted.Count > query.Limit);
        },
    };

    private static AlteredStore PagesByOffset()
    {
        ConcurrentDictionary<TokenPosition, int> offsets = new();
        return new AlteredStore
        {
            List = (rows, query) =>
            {
                int offset = query.After is TokenPosition after ? offsets.GetValueOrDefault(after) : 0;
                TokenPage all = rows.List(query with { After = null, Limit = TokenQuery.MaximumLimit });
                StoredToken[] page = [.. all.Tokens.Skip(offset).Take(query.Limit)];
                if (page.Length > 0)
                {
                    offsets[new TokenPosition(page[^1].CreatedAt, page[^1].Id, page[^1].Sequence)] = offset + page.Length;
                }

                return new TokenPage(page, all.Tokens.Count > offset + page.Length);
            },
        };
    }
}
