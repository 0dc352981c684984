namespace TokenKit.AspNetCore.TokenApis;

/// <summary>What every endpoint set uses.</summary>
internal static class TokenApiDefaults
{
    /// <summary>
    /// The policy on every endpoint of a set. It always succeeds, so that a fallback policy does not shut the set, which authenticates its
    /// callers itself; what the host demands besides is still enforced.
    /// </summary>
    public const string PolicyName = "TokenKit.Set";

    /// <summary>How many living tokens of one kind a subject may have, in the sets whose callers make them for themselves.</summary>
    public const int LivingTokens = 1000;

    /// <summary>
    /// How many rows of a list a set reads at once. They are what a list takes of the memory, however long it is, and the collector lets several
    /// pages come together before it takes them away.
    /// </summary>
    public const int RowsAtOnce = 25;
}
