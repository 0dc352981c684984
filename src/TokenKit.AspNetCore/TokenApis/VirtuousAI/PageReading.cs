namespace TokenKit.AspNetCore.TokenApis.VirtuousAI;

/// <summary>Reads a page that a caller asks for, in pages as the sets read them.</summary>
/// <param name="call">The call.</param>
/// <param name="query">The page. Its limit is the caller's.</param>
internal sealed class PageReading(TokenApiCall call, TokenQuery query)
{
    /// <summary>Where the list goes on behind the page, once all of it is read; null where it ends.</summary>
    public string? NextCursor { get; private set; }

    public async IAsyncEnumerable<WireToken> ReadAsync()
    {
        TokenQuery next = query;
        int left = query.Limit;
        do
        {
            ApiTokenPage page = await call.Tokens.ListAsync(next with { Limit = Math.Min(left, TokenApiDefaults.RowsAtOnce) }, call.Aborted).ConfigureAwait(false);
            foreach (ApiToken token in page.Tokens)
            {
                yield return WireToken.From(token);
            }

            NextCursor = page.NextCursor;
            left -= page.Tokens.Count;
        }
        while (left > 0 && NextCursor is { } cursor && query.TryContinue(cursor, out next));
    }
}
