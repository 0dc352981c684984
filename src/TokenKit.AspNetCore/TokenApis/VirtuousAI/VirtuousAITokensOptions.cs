namespace TokenKit;

/// <summary>One token API of VirtuousAI.</summary>
/// <remarks>
/// The limits of its tokens are those of its realm: set them with <see cref="TokenKitBuilder.AddRealm"/> after the API was added.
/// A subject has at most 1 000 living tokens of a kind unless
/// <see cref="TokenPolicyOptions.MaximumLivingTokens"/> is set there.
/// </remarks>
public sealed class VirtuousAITokensOptions
{
    /// <summary>
    /// Schemes of the host, such as its cookie or its JWTs, that authenticate callers who present no token of the realm. The first that
    /// succeeds decides; the caller is its claim <see cref="System.Security.Claims.ClaimTypes.NameIdentifier"/>, or else <c>sub</c>.
    /// A caller without it is refused. A token of TokenKit that such a scheme takes acts as itself, and is refused where it is of another realm.
    /// </summary>
    /// <value>Default: none. Callers need a token. A scheme that the host does not have keeps it from starting.</value>
    public IList<string> AdditionalSchemes { get; } = [];
}
