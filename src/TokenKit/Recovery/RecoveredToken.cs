namespace TokenKit;

/// <summary>A token with its plaintext, which prints masked.</summary>
/// <param name="Token">The token.</param>
/// <param name="Plaintext">The plaintext; null when there is no copy of it, or the copy cannot be read.</param>
public sealed record RecoveredToken(ApiToken Token, TokenPlaintext? Plaintext);
