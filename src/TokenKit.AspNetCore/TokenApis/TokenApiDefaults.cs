namespace TokenKit.AspNetCore.TokenApis;

/// <summary>What every endpoint set uses.</summary>
internal static class TokenApiDefaults
{
    /// <summary>
    /// The policy on every endpoint of a set. It always succeeds, so that a fallback policy does not shut the set, which authenticates its
    /// callers itself; what the host demands besides is still enforced.
    /// </summary>
    public const string PolicyName = "TokenKit.Set";
}
