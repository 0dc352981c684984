namespace TokenKit;

/// <summary>One token API of Query.</summary>
/// <remarks>
/// The limits of its tokens are those of its realm: set them with <see cref="TokenKitBuilder.AddRealm"/> after the API was added.
/// It allows any number of tokens.
/// </remarks>
public sealed class QueryTokensOptions
{
    /// <summary>
    /// Whether there is a token API, the product's option <c>create_token</c>. Without it every call is answered 404, whoever calls. It is
    /// read once, when the API is mounted.
    /// </summary>
    /// <value>Default: true.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Whether every <c>PUT</c> gives the token another value, as the product does. The former value is refused from then on; the new one is
    /// shown by the list and by <c>/value</c>. The product says so nowhere, so a client may not expect it.
    /// </summary>
    /// <value>Default: false. A token keeps its value.</value>
    public bool RotateValueOnUpdate { get; set; }

    /// <summary>
    /// Schemes of the host, such as its cookie or its JWTs, that authenticate callers who present no token of the realm. The first that
    /// succeeds decides. Such a caller needs the host's word to manage the tokens of nobody:
    /// <see cref="TokenKit.AspNetCore.Authorization.ITokenCallerRights"/> is asked with the subject null, and allows nobody unless the host
    /// replaces it. A caller without a name is refused. A token of TokenKit that such a scheme takes acts as itself, and is refused where it
    /// is of another realm.
    /// </summary>
    /// <value>Default: none. Callers need a token of the kind <see cref="QueryTokensDefaults.AdminKind"/>. A scheme that the host does not have keeps it from starting.</value>
    public IList<string> AdditionalSchemes { get; } = [];
}
