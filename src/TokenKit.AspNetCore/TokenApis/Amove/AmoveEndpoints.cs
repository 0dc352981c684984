using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace TokenKit.AspNetCore.TokenApis.Amove;

/// <summary>The API tokens of Amove: everybody lists, creates and deletes their own.</summary>
internal static class AmoveEndpoints
{
    public static readonly TokenApiRoute[] Routes =
    [
        new("GET", "get_all", ListAsync)
        {
            Name = "listApiTokens",
            Summary = "Lists the caller's API tokens.",
            Responses = [Json(typeof(IReadOnlyList<WireToken>))],
        },
        new("POST", "insert", InsertAsync)
        {
            Name = "insertApiToken",
            Summary = "Creates an API token for the caller.",
            Request = typeof(WireInsert),
            Responses = [Json(typeof(WireToken))],
        },
        new("DELETE", "delete", DeleteAsync)
        {
            Name = "deleteApiToken",
            Summary = "Deletes one of the caller's API tokens.",
            Responses = [new ProducesResponseTypeMetadata(StatusCodes.Status200OK)],
        },
    ];

    private static ProducesResponseTypeMetadata Json(Type body) => new(StatusCodes.Status200OK, body, ["application/json"]);

    private static Task<TokenApiResponse> ListAsync(TokenApiCall call)
    {
        var query = new TokenQuery(call.Realm, OwnerOf(call)) { Limit = TokenApiDefaults.RowsAtOnce };

        // A credential that leaked must not show all the others.
        bool showValues = call.Caller.Token is null || call.Service<IOptionsMonitor<AmoveTokensOptions>>().Get(call.Realm).ShowValuesToTokens;
        IAsyncEnumerable<WireToken> tokens = showValues
            ? call.Tokens.RecoverAllAsync(new RecoverAllRequest(query) { Actor = call.Actor }, call.Aborted).Select(static recovered => WireToken.From(recovered.Token, recovered.Plaintext?.Reveal()))
            : call.Tokens.ListAllAsync(query, call.Aborted).Select(static token => WireToken.From(token, token.Hint));
        return Task.FromResult(AmoveDialect.Rows(new JsonRows<WireToken>(call.WhileAllowedAsync(tokens), AmoveJson.Default.WireToken)));
    }

    private static async Task<TokenApiResponse> InsertAsync(TokenApiCall call)
    {
        JsonBody body = await call.ReadJsonAsync().ConfigureAwait(false);
        if (body is JsonBody.Unread unread)
        {
            return call.Say(unread.Outcome);
        }

        if (!InsertInput.TryRead(body, out InsertInput? wanted, out string? wrong))
        {
            return AmoveDialect.Invalid(wrong);
        }

        IssueResult result = await call.Tokens.IssueAsync(
            new IssueRequest(call.Realm)
            {
                Subject = call.Caller.Subject,
                Name = wanted.Title,
                Expiry = wanted.Expiry,
                Actor = call.Actor,
            },
            call.Aborted).ConfigureAwait(false);
        return result switch
        {
            IssueResult.Issued issued => AmoveDialect.Json(WireToken.From(issued.Token, issued.Plaintext.Reveal()), AmoveJson.Default.WireToken),
            IssueResult.Rejected rejected => call.Say(rejected.Reason),
            _ => call.Say(TokenApiOutcome.Unavailable),
        };
    }

    private static async Task<TokenApiResponse> DeleteAsync(TokenApiCall call)
    {
        // The parser is kinder than the product: to white space around the text, and to signs and "0x" in it.
        string? text = QueryText.Last(call.Request, "id");
        if (!Guid.TryParseExact(text, "D", out Guid id) || !id.ToString().Equals(text, StringComparison.OrdinalIgnoreCase))
        {
            return AmoveDialect.Invalid("The id must be a UUID.");
        }

        // A token that is revoked is kept by us, but gone for the product.
        SubjectFilter owner = OwnerOf(call);
        if (await call.Tokens.FindAsync(call.Realm, id, owner, call.Aborted).ConfigureAwait(false) is not { RevokedAt: null })
        {
            return call.Say(TokenApiOutcome.UnknownToken);
        }

        RevokeResult result = await call.Tokens.RevokeAsync(new RevokeRequest(call.Realm, id, owner) { Actor = call.Actor }, call.Aborted).ConfigureAwait(false);
        return result is RevokeResult.Rejected rejected ? call.Say(rejected.Reason) : AmoveDialect.Done;
    }

    private static SubjectFilter OwnerOf(TokenApiCall call) => SubjectFilter.Is(call.Caller.Subject);
}
