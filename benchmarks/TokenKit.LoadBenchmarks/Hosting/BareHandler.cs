using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TokenKit.Hashing;
using TokenKit.Stores;

namespace TokenKit.LoadBenchmarks.Hosting;

/// <summary>
/// The least that a first use costs: one look-up and one hash, on the thread of the request. It knows the ids of its tokens, so that it
/// need not even parse.
/// </summary>
internal sealed class BareHandler(
    BareTokens tokens,
    ITokenStore store,
    ISecretHasher hasher,
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Bare";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        string text = Request.Headers.Authorization.ToString()["Bearer ".Length..];
        StoredToken? row = await store.FindAsync(tokens.Ids[text], Context.RequestAborted);
        if (hasher.Verify(Encoding.ASCII.GetBytes(text), row!.Secret.Hash, Context.RequestAborted) != SecretVerdict.Matches)
        {
            return AuthenticateResult.Fail("The token is not valid.");
        }

        var caller = new Caller(row.Id.ToString(), row.Subject, row.Kind, row.Scopes.Split(' '));
        return AuthenticateResult.Success(new AuthenticationTicket(caller.ToPrincipal(Scheme.Name, ClaimsIssuer), Scheme.Name));
    }
}

/// <summary>The ids of issued tokens, by their plaintexts.</summary>
internal sealed record BareTokens(IReadOnlyDictionary<string, Guid> Ids);
