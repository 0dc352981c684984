using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace TokenKit.AspNetCore.TokenApis.VirtuousAI;

/// <summary>The token API of VirtuousAI: everybody lists, creates and revokes their own tokens.</summary>
internal static class VirtuousAIEndpoints
{
    public static readonly TokenApiRoute[] Routes =
    [
        new("GET", "", static call => Task.FromResult(List(call)))
        {
            Name = "listAccessTokens",
            Summary = "Lists the caller's access tokens, page by page.",
            Responses = [Json(StatusCodes.Status200OK, typeof(WireTokenPage))],
        },
        new("POST", "", CreateAsync)
        {
            Name = "createAccessToken",
            Summary = "Creates an access token for the caller.",
            Request = typeof(WireTokenInput),
            Responses = [Json(StatusCodes.Status201Created, typeof(WireCreatedToken))],
        },
        new("DELETE", "", RevokeAllAsync)
        {
            Name = "revokeAllAccessTokens",
            Summary = "Revokes the caller's access tokens.",
            Responses = [Json(StatusCodes.Status200OK, typeof(WireRevoked))],

            // A client that lost the id of one token does not mean all of them.
            RefusesSlashBehind = true,
        },
        new("GET", "{token_id}", GetAsync)
        {
            Name = "getAccessToken",
            Summary = "Shows one of the caller's access tokens.",
            Responses = [Json(StatusCodes.Status200OK, typeof(WireToken))],
        },
        new("DELETE", "{token_id}", RevokeAsync)
        {
            Name = "revokeAccessToken",
            Summary = "Revokes one of the caller's access tokens.",
            Responses = [new ProducesResponseTypeMetadata(StatusCodes.Status204NoContent)],
        },
    ];

    private const string TokenId = "token_id";
    private const int DefaultLimit = 50;
    private const int MaximumLimit = 200;

    private static readonly string[] Kinds = [VirtuousAITokensDefaults.SessionKind, VirtuousAITokensDefaults.PatKind, VirtuousAITokensDefaults.DeviceKind];

    private static ProducesResponseTypeMetadata Json(int status, Type body) => new(status, body, ["application/json"]);

    private static TokenApiResponse List(TokenApiCall call)
    {
        var input = new InputReader(call.Request);
        var query = new TokenQuery(call.Realm, OwnerOf(call))
        {
            Kind = input.QueryChoice("tokenType", Kinds),
            IncludeRevoked = input.QueryBoolean("includeRevoked", otherwise: false),
            Limit = input.QueryInteger("limit", DefaultLimit, 1, MaximumLimit),
        };

        // A cursor belongs to its filters, so nothing can be said of it while these are wrong.
        if (input.IsValid && input.QueryText("cursor") is { } cursor && !query.TryContinue(cursor, out query))
        {
            input.Note(Fault.Refused("the cursor does not belong to this list"), "query", "cursor");
        }

        if (!input.IsValid)
        {
            return input.Answer();
        }

        var page = new PageReading(call, query);
        return TokenApiResponse.Rows(new JsonRows<WireToken>(call.WhileAllowedAsync(page.ReadAsync()), VirtuousAIJson.Product.WireToken)
        {
            Begin = static json =>
            {
                json.WriteStartObject();
                json.WriteStartArray(WireTokenPage.ItemsMember);
            },
            End = json =>
            {
                json.WriteEndArray();
                json.WriteString(WireTokenPage.NextCursorMember, page.NextCursor);
                json.WriteEndObject();
            },
        });
    }

    private static async Task<TokenApiResponse> CreateAsync(TokenApiCall call)
    {
        JsonBody body = await call.ReadJsonAsync().ConfigureAwait(false);
        if (body is JsonBody.Unread unread)
        {
            return call.Say(unread.Outcome);
        }

        var input = new InputReader(call.Request);
        RealmOptions limits = call.Service<IOptionsMonitor<RealmOptions>>().Get(call.Realm);
        CreateInput? wanted = input.BodyObject(body) is { } json ? CreateInput.Read(input, json, limits) : null;
        if (wanted is null || !input.IsValid)
        {
            return input.Answer();
        }

        IssueResult result = await call.Tokens.IssueAsync(
            new IssueRequest(call.Realm)
            {
                Kind = VirtuousAITokensDefaults.PatKind,
                Subject = call.Caller.Subject,
                Name = wanted.Name,
                Expiry = wanted.Expiry,
                Actor = call.Actor,
            },
            call.Aborted).ConfigureAwait(false);
        return result switch
        {
            IssueResult.Issued issued => TokenApiResponse.Json(
                StatusCodes.Status201Created,
                new WireCreatedToken(issued.Plaintext.Reveal(), WireToken.From(issued.Token)),
                VirtuousAIJson.Product.WireCreatedToken),
            IssueResult.Rejected rejected => call.Say(rejected.Reason),
            _ => call.Say(TokenApiOutcome.Unavailable),
        };
    }

    private static async Task<TokenApiResponse> RevokeAllAsync(TokenApiCall call)
    {
        var input = new InputReader(call.Request);
        bool excludeCurrent = input.QueryBoolean("exclude_current", otherwise: true);
        if (!input.IsValid)
        {
            return input.Answer();
        }

        RevokeAllResult result = await call.Tokens.RevokeAllAsync(
            new RevokeAllRequest(call.Realm, OwnerOf(call)) { Spared = excludeCurrent ? call.Caller.Token : null, Actor = call.Actor },
            call.Aborted).ConfigureAwait(false);
        return result switch
        {
            RevokeAllResult.Revoked revoked => TokenApiResponse.Json(StatusCodes.Status200OK, new WireRevoked(revoked.Count), VirtuousAIJson.Product.WireRevoked),
            RevokeAllResult.Rejected rejected => call.Say(rejected.Reason),
            _ => throw new UnreachableException(),
        };
    }

    private static async Task<TokenApiResponse> GetAsync(TokenApiCall call)
    {
        var input = new InputReader(call.Request);
        Guid id = input.PathUuid(TokenId);
        if (!input.IsValid)
        {
            return input.Answer();
        }

        ApiToken? token = await call.Tokens.FindAsync(call.Realm, id, OwnerOf(call), call.Aborted).ConfigureAwait(false);
        return token is null
            ? call.Say(TokenApiOutcome.UnknownToken)
            : TokenApiResponse.Json(StatusCodes.Status200OK, WireToken.From(token), VirtuousAIJson.Product.WireToken);
    }

    private static async Task<TokenApiResponse> RevokeAsync(TokenApiCall call)
    {
        var input = new InputReader(call.Request);
        Guid id = input.PathUuid(TokenId);
        if (!input.IsValid)
        {
            return input.Answer();
        }

        RevokeResult result = await call.Tokens.RevokeAsync(new RevokeRequest(call.Realm, id, OwnerOf(call)) { Actor = call.Actor }, call.Aborted).ConfigureAwait(false);
        return result switch
        {
            RevokeResult.Revoked => new TokenApiResponse(StatusCodes.Status204NoContent),
            RevokeResult.Rejected rejected => call.Say(rejected.Reason),
            _ => call.Say(TokenApiOutcome.UnknownToken),
        };
    }

    private static SubjectFilter OwnerOf(TokenApiCall call) => SubjectFilter.Is(call.Caller.Subject);
}
