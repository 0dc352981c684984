namespace TokenKit.Format;

/// <summary>What a plaintext begins with: it says at sight, and to secret scanners, whose token that is.</summary>
internal static class TokenPrefix
{
    public const int MaximumLength = 32;

    public const string Rule = "1 to 32 lower-case letters, digits and underscores, the first a letter and the last no underscore";

    // A single word without upper case: a double click selects the whole token, and nobody reads two prefixes as one.
    public static bool IsValid(string? prefix) =>
        prefix is { Length: > 0 and <= MaximumLength }
        && char.IsAsciiLetterLower(prefix[0])
        && prefix[^1] != '_'
        && prefix.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');
}
