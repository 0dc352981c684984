using System.Runtime.CompilerServices;

namespace TokenKit.Stores;

/// <summary>What every store can do by what it must be able to do.</summary>
internal static class TokenStoreExtensions
{
    /// <summary>Reads all rows of a query, page by page while they are enumerated.</summary>
    public static async IAsyncEnumerable<StoredToken> ReadAllAsync(
        this ITokenStore store,
        TokenQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TokenPage page;
        do
        {
            page = await store.ListAsync(query, cancellationToken).ConfigureAwait(false);
            foreach (StoredToken row in page.Tokens)
            {
                yield return row;
                query = query with { After = new TokenPosition(row.CreatedAt, row.Id, row.Sequence) };
            }
        }
        while (page is { HasMore: true, Tokens.Count: > 0 });
    }
}
