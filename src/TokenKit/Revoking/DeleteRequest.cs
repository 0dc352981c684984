namespace TokenKit;

/// <summary>A token to remove with its record.</summary>
/// <param name="Realm">The realm that it must be in.</param>
/// <param name="Id">The token.</param>
/// <param name="Owner">Whose it must be.</param>
public sealed record DeleteRequest(string Realm, Guid Id, SubjectFilter Owner)
{
    /// <summary>Who removes it. It is judged when the change is made: an acting token needs what the actor requires, in that instant.</summary>
    /// <value>Default: <see cref="TokenActor.Host"/>.</value>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TokenActor Actor { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = TokenActor.Host;
}
