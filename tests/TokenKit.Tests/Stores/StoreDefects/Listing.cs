using System.Collections.Concurrent;
using TokenKit.Stores;

namespace TokenKit.Tests.Stores.StoreDefects;

/// <summary>Stores that list what was not asked for, or not in that order.</summary>
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
        new("IgnoresCancellationOfReads", "Cancellation_BeforeReading_Throws", () => new AlteredStore { List = async (inner, query, _) => await inner.ListAsync(query, CancellationToken.None) }),
    ];

    private static AlteredStore Querying(Func<TokenQuery, TokenQuery> alter) => new()
    {
        List = async (inner, query, cancellationToken) => await inner.ListAsync(alter(query), cancellationToken),
    };

    private static TokenQuery Copy(TokenQuery query, SubjectFilter subject) =>
        new(query.Realm, subject) { Kind = query.Kind, IncludeRevoked = query.IncludeRevoked, Order = query.Order, Limit = query.Limit, After = query.After };

    private static AlteredStore Paging(Func<TokenQuery, TokenPage, TokenPage> alter) => new()
    {
        List = async (inner, query, cancellationToken) => alter(query, await inner.ListAsync(query, cancellationToken)),
    };

    /// <summary>Sorts by a text, descending, and goes on behind the row that the position names.</summary>
    private static AlteredStore Ordering(Func<StoredToken, string> text) => new()
    {
        List = async (inner, query, cancellationToken) =>
        {
            TokenPage all = await inner.ListAsync(query with { After = null, Limit = TokenQuery.MaximumLimit }, cancellationToken);
            List<StoredToken> rows = [.. all.Tokens.OrderByDescending(text, StringComparer.Ordinal)];
            rows.RemoveRange(0, 1 + rows.FindIndex(row => row.Id == query.After?.Id));
            return new TokenPage([.. rows.Take(query.Limit)], rows.Count > query.Limit);
        },
    };

    private static AlteredStore PagesByOffset()
    {
        ConcurrentDictionary<TokenPosition, int> offsets = new();
        return new AlteredStore
        {
            List = async (inner, query, cancellationToken) =>
            {
                int offset = query.After is TokenPosition after ? offsets.GetValueOrDefault(after) : 0;
                TokenPage all = await inner.ListAsync(query with { After = null, Limit = TokenQuery.MaximumLimit }, cancellationToken);
                StoredToken[] rows = [.. all.Tokens.Skip(offset).Take(query.Limit)];
                if (rows.Length > 0)
                {
                    offsets[new TokenPosition(rows[^1].CreatedAt, rows[^1].Id, rows[^1].Sequence)] = offset + rows.Length;
                }

                return new TokenPage(rows, all.Tokens.Count > offset + rows.Length);
            },
        };
    }
}
