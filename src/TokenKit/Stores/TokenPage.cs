namespace TokenKit.Stores;

/// <summary>One page of rows.</summary>
/// <param name="Tokens">The rows, in the order of the query.</param>
/// <param name="HasMore">Whether the list goes on behind the last of them.</param>
public sealed record TokenPage(IReadOnlyList<StoredToken> Tokens, bool HasMore);
