namespace TokenKit;

/// <summary>One set of API tokens of Amove.</summary>
/// <remarks>
/// The limits of its tokens are those of its realm: set them with <see cref="TokenKitBuilder.AddRealm"/> after the API was added.
/// A subject has at most 1 000 living tokens of a kind unless
/// <see cref="TokenPolicyOptions.MaximumLivingTokens"/> is set there.
/// </remarks>
public sealed class AmoveTokensOptions
{
    /// <summary>
    /// Schemes of the host, such as its JWTs, that authenticate callers whose <c>?token=</c> does not begin as the realm's tokens do. They are
    /// shown a request whose only header is <c>Authorization: Bearer</c> with that text. The first that succeeds decides; the caller is its
    /// claim <see cref="System.Security.Claims.ClaimTypes.NameIdentifier"/>, or else <c>sub</c>.
    /// A caller without it is refused, and so is a token of TokenKit of another realm that such a scheme takes.
    /// </summary>
    /// <value>Default: none. Callers need an API token, so the host issues the first of each. A scheme that the host does not have keeps it from starting.</value>
    public IList<string> AdditionalSchemes { get; } = [];

    /// <summary>
    /// Whether a caller who presents an API token sees the values of all tokens, as one who presents a JWT does, and not their hints: then
    /// whoever gets hold of one token has them all.
    /// </summary>
    /// <value>Default: false.</value>
    public bool ShowValuesToTokens { get; set; }
}
