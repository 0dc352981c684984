namespace TokenKit;

/// <summary>Tokens whose plaintexts are to be shown again.</summary>
/// <param name="Query">Which tokens, in which order, and how many at once.</param>
public sealed record RecoverAllRequest(TokenQuery Query)
{
    /// <summary>Who reads them. It is carried with the call and not judged: check first that the actor may.</summary>
    /// <value>Default: <see cref="TokenActor.Host"/>.</value>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TokenActor Actor { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = TokenActor.Host;
}
