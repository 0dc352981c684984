namespace TokenKit;

/// <summary>A token to revoke.</summary>
/// <param name="Realm">The realm that it must be in.</param>
/// <param name="Id">The token.</param>
/// <param name="Owner">Whose it must be.</param>
public sealed record RevokeRequest(string Realm, Guid Id, SubjectFilter Owner)
{
    /// <summary>Who revokes it.</summary>
    /// <value>Default: <see cref="TokenActor.Host"/>.</value>
    public TokenActor Actor { get; init; } = TokenActor.Host;
}
