using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace TokenKit.AspNetCore.TokenApis.Query;

/// <summary>The token API of Query: administrators list, create, change and delete the tokens that belong to no user, by their names.</summary>
internal static class QueryEndpoints
{
    public static readonly TokenApiRoute[] Routes =
    [
        new("POST", "", WithInput(CreateAsync))
        {
            Name = "createToken",
            Summary = "Creates a token, unless there is one of its name.",
            Request = typeof(WireTokenInput),
            Responses = [new ProducesResponseTypeMetadata(StatusCodes.Status201Created)],
        },
        new("GET", "", ListAsync)
        {
            Name = "listTokens",
            Summary = "Lists all tokens with their values.",
            Responses = [Rows(typeof(WireTokens))],
        },
        new("PUT", "", WithInput(UpdateAsync))
        {
            Name = "updateToken",
            Summary = "Changes the token of a name.",
            Request = typeof(WireTokenInput),
            Responses = [new ProducesResponseTypeMetadata(StatusCodes.Status200OK)],
        },
        new("DELETE", "", WithInput(DeleteAsync))
        {
            Name = "deleteToken",
            Summary = "Deletes the token of a name, if there is one.",
            Request = typeof(WireTokenName),
            Responses = [new ProducesResponseTypeMetadata(StatusCodes.Status200OK)],
        },
        new("GET", "value", ShowValueAsync)
        {
            Name = "getTokenValue",
            Summary = "Shows the value of the token of a name.",
            Responses = [Rows(typeof(WireValues))],
        },
    ];

    private static readonly ScopeSet ReadOnly = ScopeSet.Create(QueryTokensDefaults.ReadScope);
    private static readonly ScopeSet ReadAndWrite = ScopeSet.Create(QueryTokensDefaults.ReadScope, QueryTokensDefaults.WriteScope);

    private static ProducesResponseTypeMetadata Rows(Type body) => new(StatusCodes.Status200OK, body);

    private static async Task<TokenApiResponse> CreateAsync(TokenApiCall call, InputReader input)
    {
        string name = input.Name();
        long? expiration = input.Integer("expiration_date");
        bool active = input.Boolean("active") ?? true;
        bool write = input.Boolean("write") ?? true;
        if (input.Problem is { } wrong)
        {
            return QueryDialect.Invalid(wrong);
        }

        IssueResult result = await call.Tokens.IssueAsync(
            new IssueRequest(call.Realm)
            {
                Kind = QueryTokensDefaults.ServerKind,
                Name = name,
                Scopes = write ? ReadAndWrite : ReadOnly,
                Suspended = !active,
                Expiry = expiration is { } number ? WireExpiry.ForNewToken(number) : TokenExpiry.Default,
                WireData = WireExpiry.Keep(expiration),
                Actor = call.Actor,
            },
            call.Aborted).ConfigureAwait(false);
        return result switch
        {
            // A name that is taken is the product's "insert or ignore".
            IssueResult.Issued or IssueResult.Rejected { Reason: RejectionReason.NameTaken } => new TokenApiResponse(StatusCodes.Status201Created),
            IssueResult.Rejected rejected => call.Say(rejected.Reason),
            _ => call.Say(TokenApiOutcome.Unavailable),
        };
    }

    private static Task<TokenApiResponse> ListAsync(TokenApiCall call)
    {
        IAsyncEnumerable<WireToken> rows = call.Tokens.RecoverAllAsync(new RecoverAllRequest(ServerTokens(call)) { Actor = call.Actor }, call.Aborted).Select(WireToken.From);
        return Task.FromResult(QueryDialect.Rows(new JsonRows<WireToken>(call.WhileAllowedAsync(rows), QueryJson.Default.WireToken)
        {
            Begin = static json =>
            {
                json.WriteStartObject();
                json.WriteStartArray(WireTokens.DataMember);
            },
            End = static json =>
            {
                json.WriteEndArray();
                json.WriteEndObject();
            },
        }));
    }

    private static async Task<TokenApiResponse> UpdateAsync(TokenApiCall call, InputReader input)
    {
        string name = input.Name();
        long? expiration = input.Integer("expiration_date");
        bool? active = input.Boolean("active");
        bool? write = input.Boolean("write");
        if (input.Problem is { } wrong)
        {
            return QueryDialect.Invalid(wrong);
        }

        if (await FindAsync(call, name).ConfigureAwait(false) is not { } token)
        {
            return QueryDialect.Invalid(QueryDialect.NoRows);
        }

        UpdateResult result = await call.Tokens.UpdateAsync(
            new UpdateRequest(call.Realm, token.Id, SubjectFilter.None)
            {
                Scopes = write switch { true => ReadAndWrite, false => ReadOnly, null => null },
                Suspended = !active,
                Expiry = expiration is { } number ? WireExpiry.ForToken(number) : null,
                WireData = WireExpiry.Keep(expiration),
                ReplaceSecret = call.Service<IOptionsMonitor<QueryTokensOptions>>().Get(call.Realm).RotateValueOnUpdate,
                Actor = call.Actor,
            },
            call.Aborted).ConfigureAwait(false);
        return result switch
        {
            UpdateResult.Updated => new TokenApiResponse(StatusCodes.Status200OK),
            UpdateResult.NotFound => QueryDialect.Invalid(QueryDialect.NoRows),
            UpdateResult.Rejected rejected => call.Say(rejected.Reason),
            _ => call.Say(TokenApiOutcome.Unavailable),
        };
    }

    private static async Task<TokenApiResponse> DeleteAsync(TokenApiCall call, InputReader input)
    {
        string name = input.Name();
        if (input.Problem is { } wrong)
        {
            return QueryDialect.Invalid(wrong);
        }

        if (await FindAsync(call, name).ConfigureAwait(false) is not { } token)
        {
            return new TokenApiResponse(StatusCodes.Status200OK);
        }

        var request = new DeleteRequest(call.Realm, token.Id, SubjectFilter.None) { Actor = call.Actor };
        DeleteResult result = await call.Tokens.DeleteAsync(request, call.Aborted).ConfigureAwait(false);
        return result is DeleteResult.Rejected rejected ? call.Say(rejected.Reason) : new TokenApiResponse(StatusCodes.Status200OK);
    }

    private static async Task<TokenApiResponse> ShowValueAsync(TokenApiCall call)
    {
        if (QueryText.Last(call.Request, "name") is not { } name)
        {
            return QueryDialect.Invalid(call.Request.QueryString.Value is null or "" or "?" ? "Missing query string" : "Missing query string: name");
        }

        WireValue[] rows = await FindAsync(call, name).ConfigureAwait(false) is { } token
            ? [new((await RecoverAsync(call, token).ConfigureAwait(false))?.Reveal())]
            : [];
        return QueryDialect.Rows(new WireValues(rows), QueryJson.Default.WireValues);
    }

    private static Task<TokenPlaintext?> RecoverAsync(TokenApiCall call, ApiToken token) =>
        call.Tokens.RecoverAsync(new RecoverRequest(call.Realm, token.Id, SubjectFilter.None) { Actor = call.Actor }, call.Aborted);

    private static TokenApiOperation WithInput(Func<TokenApiCall, InputReader, Task<TokenApiResponse>> operation) => async call =>
    {
        RequestBody body = await call.ReadBodyAsync().ConfigureAwait(false);

        // The product takes control characters out before it parses, even out of strings.
        byte[] text = Array.FindAll(body.Bytes.ToArray(), static unit => unit >= ' ');
        return JsonBody.From(body with { Bytes = text }) switch
        {
            JsonBody.JsonObject { Value: var json } => await operation(call, new InputReader(json)).ConfigureAwait(false),
            JsonBody.Unread { Outcome: var outcome } => call.Say(outcome),
            JsonBody.Empty => QueryDialect.Invalid("The body is empty"),
            JsonBody.NotJson { Position: var position } => QueryDialect.Invalid(
                string.Create(CultureInfo.InvariantCulture, $"The body is not JSON at character {position}")),
            _ => QueryDialect.Invalid("The body is not a JSON object"),
        };
    };

    // There are as many as a host has servers and programs, so looking through them is as good as an index.
    private static ValueTask<ApiToken?> FindAsync(TokenApiCall call, string name) =>
        call.Tokens.ListAllAsync(ServerTokens(call) with { Limit = TokenQuery.MaximumLimit }, call.Aborted)
            .FirstOrDefaultAsync(token => string.Equals(token.Name, name, StringComparison.Ordinal), call.Aborted);

    private static TokenQuery ServerTokens(TokenApiCall call) => new(call.Realm, SubjectFilter.None)
    {
        Kind = QueryTokensDefaults.ServerKind,
        Order = TokenOrder.Inserted,
        Limit = TokenApiDefaults.RowsAtOnce,
    };
}
