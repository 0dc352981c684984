namespace TokenKit.AspNetCore.TokenApis;

/// <summary>The caller may not see the rest of what it is being shown.</summary>
internal sealed class CallerEndedException(TokenApiOutcome outcome) : OperationCanceledException
{
    /// <summary>Why not.</summary>
    public TokenApiOutcome Outcome { get; } = outcome;
}
