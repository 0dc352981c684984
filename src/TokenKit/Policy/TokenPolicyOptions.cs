namespace TokenKit;

/// <summary>The limits that tokens are issued under. A realm states them for all its kinds; a kind may state its own.</summary>
public abstract class TokenPolicyOptions
{
    internal const int LongestName = 10_000;

    private protected TokenPolicyOptions()
    {
    }

    /// <summary>
    /// What the plaintext of new tokens begins with, before the underscore: 1 to 32 lower-case letters, digits and underscores, the first a
    /// letter and the last no underscore.
    /// </summary>
    /// <value>No default: a realm states one. A kind has its realm's unless it states its own.</value>
    public string Prefix { get; set; } = "";

    /// <summary>How long a token is valid when its issuer does not say; null for ever.</summary>
    /// <value>Default: 90 days.</value>
    public TimeSpan? DefaultLifetime { get; set; } = TimeSpan.FromDays(90);

    /// <summary>The longest time, from its creation, that a token may be valid; null for any time.</summary>
    /// <value>Default: 365 days. It does not forbid tokens that never expire: <see cref="MayNeverExpire"/> does.</value>
    public TimeSpan? MaximumLifetime { get; set; } = TimeSpan.FromDays(365);

    /// <summary>Whether a token may be valid for ever.</summary>
    /// <value>Default: false.</value>
    public bool MayNeverExpire { get; set; }

    /// <summary>
    /// How many living tokens – neither revoked nor expired – of one kind a subject may have; null for any number. Only where more than 64
    /// tokens of a subject are issued at once can the limit be passed, by as many as are beyond.
    /// </summary>
    /// <value>Default: null. The endpoint sets of Amove, Canvus and VirtuousAI set 1 000.</value>
    public int? MaximumLivingTokens { get; set; }

    /// <summary>
    /// Whether no two tokens of a subject that are not revoked may have the same name. Names are compared with those of all kinds of the
    /// realm that want unique names, and with tokens that were issued or renamed since they do. An expired token keeps its name.
    /// </summary>
    /// <value>Default: false.</value>
    public bool UniqueNames { get; set; }

    /// <summary>The most Unicode code points of a name.</summary>
    /// <value>Default: 255. At most 10 000.</value>
    public int MaximumNameLength { get; set; } = 255;

    /// <summary>The scopes that a token gets when its issuer does not say.</summary>
    /// <value>Default: none, which means no access.</value>
    public ScopeSet IssuedScopes { get; set; } = ScopeSet.Empty;

    private protected void CopyPolicyFrom(TokenPolicyOptions other)
    {
        Prefix = other.Prefix;
        DefaultLifetime = other.DefaultLifetime;
        MaximumLifetime = other.MaximumLifetime;
        MayNeverExpire = other.MayNeverExpire;
        MaximumLivingTokens = other.MaximumLivingTokens;
        UniqueNames = other.UniqueNames;
        MaximumNameLength = other.MaximumNameLength;
        IssuedScopes = other.IssuedScopes;
    }
}
