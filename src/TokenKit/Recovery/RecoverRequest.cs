namespace TokenKit;

/// <summary>A token whose plaintext is to be shown again.</summary>
/// <param name="Realm">The realm that it must be in.</param>
/// <param name="Id">The token.</param>
/// <param name="Owner">Whose it must be.</param>
public sealed record RecoverRequest(string Realm, Guid Id, SubjectFilter Owner)
{
    /// <summary>Who reads it.</summary>
    /// <value>Default: <see cref="TokenActor.Host"/>.</value>
    public TokenActor Actor { get; init; } = TokenActor.Host;
}
