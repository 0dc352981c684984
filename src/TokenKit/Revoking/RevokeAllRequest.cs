namespace TokenKit;

/// <summary>The tokens of an owner, to be revoked together.</summary>
/// <param name="Realm">The realm.</param>
/// <param name="Owner">Whose tokens. Every token whose issue was answered before the call began is covered.</param>
public sealed record RevokeAllRequest(string Realm, SubjectFilter Owner)
{
    /// <summary>A token that is left alone together with its rotation partner.</summary>
    /// <value>Default: null, which spares none.</value>
    public ApiToken? Spared { get; init; }

    /// <summary>Who revokes them. It is judged when the change is made: an acting token needs what the actor requires, in that instant.</summary>
    /// <value>Default: <see cref="TokenActor.Host"/>.</value>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TokenActor Actor { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = TokenActor.Host;
}
