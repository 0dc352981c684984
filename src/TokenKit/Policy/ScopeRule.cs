namespace TokenKit.Policy;

/// <summary>The one place that decides which scopes a token gets: nobody passes on what they do not have.</summary>
internal static class ScopeRule
{
    /// <summary>The scopes, or null when they go beyond those of the acting token.</summary>
    /// <param name="wanted">What was asked for; null for what the policy gives, as far as the acting token has it.</param>
    /// <param name="policy">The policy of the token's kind.</param>
    /// <param name="actingToken">The token that asks; null for the host itself.</param>
    public static ScopeSet? Decide(ScopeSet? wanted, KindPolicy policy, ApiToken? actingToken)
    {
        if (actingToken is null)
        {
            return wanted ?? policy.IssuedScopes;
        }

        if (wanted is null)
        {
            return policy.IssuedScopes.Intersect(actingToken.Scopes);
        }

        return wanted.IsSubsetOf(actingToken.Scopes) ? wanted : null;
    }
}
