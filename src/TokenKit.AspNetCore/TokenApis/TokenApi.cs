using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TokenKit.AspNetCore.Authentication;

namespace TokenKit.AspNetCore.TokenApis;

/// <summary>One mounted set, as far as the code that all sets share has to know it.</summary>
/// <param name="Name">The realm of the set's tokens, and the scheme that reads its callers' tokens.</param>
/// <param name="Dialect">How the product says what did not go well.</param>
/// <param name="AdditionalSchemes">Other schemes of the host that callers may be authenticated by.</param>
/// <param name="RetryAfter">When to ask again what could not be answered.</param>
internal sealed record TokenApi(string Name, TokenApiDialect Dialect, IReadOnlyList<string> AdditionalSchemes, TimeSpan RetryAfter)
{
    /// <summary>How the set finds out who calls: by the scheme of its name, or else by the additional ones.</summary>
    public TokenApiCallers Callers { get; init; } = CallerResolution.ForAsync;

    /// <summary>Who may call: those who may manage their own tokens.</summary>
    public TokenApiRights Rights { get; init; } = static call => call.Rights.MayManageOwnAsync();

    /// <summary>The set of a product under a name, once it is certain that the host added it.</summary>
    /// <exception cref="InvalidOperationException">The host did not add it.</exception>
    public static TokenApi Of(IServiceProvider services, string product, string name, TokenApiDialect dialect, IEnumerable<string> additionalSchemes) =>
        services.GetServices<TokenApiRegistration>().Contains(new TokenApiRegistration(product, name))
            ? new(name, dialect, [.. additionalSchemes], services.GetRequiredService<IOptions<HashingOptions>>().Value.RetryAfter)
            : throw new InvalidOperationException(
                $"Map{product}Tokens(\"{name}\") finds no tokens of that name: call services.AddTokenKit().Add{product}Tokens(\"{name}\") before the host is built.");

    /// <summary>An outcome in the product's dialect, with the headers that its status calls for.</summary>
    public TokenApiResponse Say(TokenApiOutcome outcome, string allow = "")
    {
        TokenApiResponse answer = Dialect(outcome);
        return answer.Status switch
        {
            StatusCodes.Status401Unauthorized => answer.With(
                "WWW-Authenticate",
                outcome == TokenApiOutcome.CredentialMissing ? BearerChallenge.Bare(Name) : BearerChallenge.InvalidToken(Name)),
            StatusCodes.Status405MethodNotAllowed => answer.With("Allow", allow),
            StatusCodes.Status503ServiceUnavailable => answer.With("Retry-After", Math.Ceiling(RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture)),
            _ => answer,
        };
    }
}

/// <summary>Tells that the host added a set of a product under a name.</summary>
internal sealed record TokenApiRegistration(string Product, string Name);
