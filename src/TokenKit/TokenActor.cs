using System.Net;
using TokenKit.Policy;

namespace TokenKit;

/// <summary>What an acting token must hold for a change.</summary>
public enum TokenAuthority
{
    /// <summary>The scope <see cref="ApiTokens.ManageScope"/>: the token manages tokens, others and itself.</summary>
    Manage,

    /// <summary>The scope <see cref="ApiTokens.RotateScope"/>: the token renews itself.</summary>
    Rotate,

    /// <summary>No scope. The token may change only itself.</summary>
    Possession,
}

/// <summary>Who changes a token: a token, a person, or the host itself.</summary>
/// <remarks>
/// Every change is judged by its actor, in the transaction that makes it: an acting token that was revoked before the change is committed makes
/// none. Recovering carries the actor only: check first that it may.
/// </remarks>
/// <example>
/// <code>
/// TokenActor.Host                                   // a login, a job, an operator's tool
/// TokenActor.Person("alice@example.com")            // a person whom the host knows
/// TokenActor.For(token)                             // a verified token that manages tokens
/// </code>
/// </example>
public sealed record TokenActor
{
    private TokenActor()
    {
    }

    /// <summary>The host itself. Nothing limits what it may do.</summary>
    public static TokenActor Host { get; } = new();

    /// <summary>The verified token that acts. What it makes has at most its scopes and never outlives it.</summary>
    /// <value>Null when the host acts, or a person.</value>
    public ApiToken? Token { get; private init; }

    /// <summary>What <see cref="Token"/> must hold for the change.</summary>
    /// <value><see cref="TokenAuthority.Manage"/> unless <see cref="For"/> was given another. Without a token it says nothing.</value>
    public TokenAuthority Required { get; private init; }

    /// <summary>Who acts, in the host's words. It is recorded with a token that is issued.</summary>
    /// <value>Default: null. At most <see cref="ApiToken.MaximumSubjectLength"/> characters.</value>
    /// <exception cref="ArgumentException">The name is too long, or holds NUL or half a surrogate pair.</exception>
    public string? Name
    {
        get;
        init
        {
            StorableText.ThrowIfNot(value, ApiToken.MaximumSubjectLength, nameof(Name));
            field = value;
        }
    }

    /// <summary>The network address that the request came from.</summary>
    /// <value>Default: null, which means that it is not known.</value>
    public IPAddress? Address { get; init; }

    /// <summary>A person whom the host knows.</summary>
    /// <param name="name">Who that is, in the host's words; at most <see cref="ApiToken.MaximumSubjectLength"/> characters.</param>
    /// <exception cref="ArgumentException">The name is too long, or holds NUL or half a surrogate pair.</exception>
    public static TokenActor Person(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new() { Name = name };
    }

    /// <summary>A token that was verified.</summary>
    /// <param name="token">The token.</param>
    /// <param name="required">What it must hold for the change.</param>
    public static TokenActor For(ApiToken token, TokenAuthority required = TokenAuthority.Manage)
    {
        ArgumentNullException.ThrowIfNull(token);
        return new() { Token = token, Required = required };
    }
}
