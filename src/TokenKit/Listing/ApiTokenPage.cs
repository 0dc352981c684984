namespace TokenKit;

/// <summary>One page of a list of tokens.</summary>
/// <param name="Tokens">The tokens, in the order of the query.</param>
/// <param name="NextCursor">The text for <see cref="TokenQuery.TryContinue"/>; null on the last page.</param>
public sealed record ApiTokenPage(IReadOnlyList<ApiToken> Tokens, string? NextCursor);
