namespace TokenKit.Policy;

/// <summary>The limits of one kind as they were configured and found valid.</summary>
internal sealed class KindPolicy(string kind, KindOptions options)
{
    public string Kind { get; } = kind;

    public string Prefix { get; } = options.Prefix;

    public TimeSpan? DefaultLifetime { get; } = options.DefaultLifetime;

    public TimeSpan? MaximumLifetime { get; } = options.MaximumLifetime;

    public bool MayNeverExpire { get; } = options.MayNeverExpire;

    public int? MaximumLivingTokens { get; } = options.MaximumLivingTokens;

    public bool UniqueNames { get; } = options.UniqueNames;

    public int MaximumNameLength { get; } = options.MaximumNameLength;

    public ScopeSet IssuedScopes { get; } = options.IssuedScopes;
}
