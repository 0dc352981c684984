namespace TokenKit;

/// <summary>A token to issue.</summary>
/// <param name="Realm">The realm, one that the host added.</param>
public sealed record IssueRequest(string Realm)
{
    /// <summary>The kind, one that the realm has.</summary>
    /// <value>Default: null, which means the realm's <see cref="RealmOptions.DefaultKind"/>.</value>
    public string? Kind { get; init; }

    /// <summary>Who the token acts as, at most 256 characters.</summary>
    /// <value>Default: empty, which means nobody.</value>
    public string Subject { get; init; } = "";

    /// <summary>The name, for people.</summary>
    /// <value>Default: empty.</value>
    public string Name { get; init; } = "";

    /// <summary>What the token may do.</summary>
    /// <value>
    /// Default: null, which means <see cref="TokenPolicyOptions.IssuedScopes"/> – as far as an acting token has them itself.
    /// </value>
    public ScopeSet? Scopes { get; init; }

    /// <summary>When the token expires.</summary>
    /// <value>Default: <see cref="TokenExpiry.Default"/>.</value>
    public TokenExpiry Expiry { get; init; } = TokenExpiry.Default;

    /// <summary>Whether the token is suspended from the start.</summary>
    /// <value>Default: false.</value>
    public bool Suspended { get; init; }

    /// <summary>
    /// Who issues the token. An acting token needs the scope <see cref="ApiTokens.ManageScope"/>; what it makes has at most its scopes and
    /// never outlives it. It is recorded as <see cref="ApiToken.IssuedBy"/>, and the actor's name as <see cref="ApiToken.Actor"/>.
    /// </summary>
    /// <value>Default: <see cref="TokenActor.Host"/>.</value>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TokenActor Actor { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = TokenActor.Host;

    /// <summary>What an endpoint set keeps with the token, at most 1 024 bytes of UTF-8.</summary>
    /// <value>Default: null.</value>
    public string? WireData { get; init; }
}
