using Microsoft.AspNetCore.Authentication;

namespace TokenKit;

/// <summary>How one scheme authenticates requests with the tokens of one realm.</summary>
public sealed class ApiTokenOptions : AuthenticationSchemeOptions
{
    /// <summary>The realm whose tokens are accepted, one that the host added. Challenges name it (RFC 6750 §3).</summary>
    /// <value>No default: the host does not start without one.</value>
    public string Realm { get; set; } = "";

    /// <summary>Where a request may carry its credential, in the order in which they are looked at.</summary>
    /// <value>Default: the Authorization header with the scheme Bearer, and nothing else.</value>
    public IList<ApiTokenSource> Sources { get; } = [new ApiTokenSource.AuthorizationBearer()];

    /// <summary>What is done with a request that carries a credential in more than one of the <see cref="Sources"/>.</summary>
    /// <value>Default: <see cref="WhenSeveral.Refuse"/>, as RFC 6750 §2 and §3.1 say.</value>
    public WhenSeveral WhenSeveral { get; set; }

    /// <summary>
    /// Whether a request whose credential cannot be verified at the moment goes on as anonymous where the endpoint allows that. Otherwise
    /// it ends with 503.
    /// </summary>
    /// <value>Default: false.</value>
    /// <remarks>
    /// It concerns endpoints without authorization while this scheme is the default one or the default one forwards to it; elsewhere no
    /// scheme is asked. Where authorization demands this scheme, the answer is 503 in any case.
    /// </remarks>
    public bool ContinueWhenUnavailable { get; set; }
}
