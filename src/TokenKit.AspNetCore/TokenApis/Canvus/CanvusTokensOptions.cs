namespace TokenKit;

/// <summary>One token API of Canvus.</summary>
/// <remarks>
/// The limits of its tokens are those of its realm: set them with <see cref="TokenKitBuilder.AddRealm"/> after the API was added.
/// A subject has at most 1 000 living tokens of a kind unless
/// <see cref="TokenPolicyOptions.MaximumLivingTokens"/> is set there.
/// </remarks>
public sealed class CanvusTokensOptions
{
    /// <summary>
    /// Schemes of the host, such as its session cookie, that authenticate callers who present no token of the realm. The first that
    /// succeeds decides; the caller is its claim <see cref="System.Security.Claims.ClaimTypes.NameIdentifier"/>, or else <c>sub</c>, which
    /// must be the user's number. A token of TokenKit that such a scheme takes acts as itself, and is refused where it is of another realm.
    /// </summary>
    /// <value>Default: none. Callers need a token. A scheme that the host does not have keeps it from starting.</value>
    public IList<string> AdditionalSchemes { get; } = [];

    /// <summary>The streams that <c>?subscribe</c> opens.</summary>
    public CanvusStreamOptions Streams { get; } = new();
}
