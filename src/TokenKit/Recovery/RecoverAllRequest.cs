namespace TokenKit;

/// <summary>Tokens whose plaintexts are to be shown again.</summary>
/// <param name="Query">Which tokens, in which order, and how many at once.</param>
public sealed record RecoverAllRequest(TokenQuery Query)
{
    /// <summary>Who reads them.</summary>
    /// <value>Default: <see cref="TokenActor.Host"/>.</value>
    public TokenActor Actor { get; init; } = TokenActor.Host;
}
