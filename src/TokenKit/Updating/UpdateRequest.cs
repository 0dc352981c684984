namespace TokenKit;

/// <summary>What to change in a token. What is null stays as it is.</summary>
/// <param name="Realm">The realm that the token must be in.</param>
/// <param name="Id">The token.</param>
/// <param name="Owner">Whose it must be.</param>
public sealed record UpdateRequest(string Realm, Guid Id, SubjectFilter Owner)
{
    /// <summary>The new name.</summary>
    public string? Name { get; init; }

    /// <summary>The new scopes.</summary>
    public ScopeSet? Scopes { get; init; }

    /// <summary>Whether the token is suspended.</summary>
    public bool? Suspended { get; init; }

    /// <summary>The new expiry. The lifetime it comes to still counts from the token's creation.</summary>
    public TokenExpiry? Expiry { get; init; }

    /// <summary>The new data of the endpoint set, at most 1 024 bytes of UTF-8; empty erases it.</summary>
    public string? WireData { get; init; }

    /// <summary>
    /// Whether the token gets another secret, and with it another plaintext, which the answer holds. The former plaintext is refused from
    /// then on; id, sequence and time of creation stay. An acting token that replaces a secret needs all scopes of the token, which then
    /// expires with it at the latest.
    /// </summary>
    /// <value>Default: false.</value>
    public bool ReplaceSecret { get; init; }

    /// <summary>The version that the token must have; null to apply the change to whatever version there is.</summary>
    public long? ExpectedVersion { get; init; }

    /// <summary>Who changes the token, with the same limits as <see cref="IssueRequest.Actor"/>.</summary>
    /// <value>Default: <see cref="TokenActor.Host"/>.</value>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TokenActor Actor { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = TokenActor.Host;
}
