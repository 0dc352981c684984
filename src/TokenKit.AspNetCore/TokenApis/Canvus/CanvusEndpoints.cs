using System.Globalization;
using Microsoft.AspNetCore.Http;
using TokenKit.AspNetCore.TokenApis.Canvus.Streams;

namespace TokenKit.AspNetCore.TokenApis.Canvus;

/// <summary>The token API of Canvus: users manage their own access tokens, administrators anybody's.</summary>
internal static class CanvusEndpoints
{
    public static readonly TokenApiRoute[] Routes =
    [
        new("GET", "", OfUser(ListAsync))
        {
            Name = "listAccessTokens",
            Summary = "Lists the access tokens of a user, or streams them.",
            Responses = [Json(typeof(IReadOnlyList<WireToken>))],
        },
        new("POST", "", OfUser(CreateAsync))
        {
            Name = "createAccessToken",
            Summary = "Creates an access token for a user.",
            Request = typeof(WireDescription),
            Responses = [Json(typeof(WireToken))],
        },
        new("GET", TokenPath, OfToken(GetAsync))
        {
            Name = "getAccessToken",
            Summary = "Shows an access token of a user, or streams it.",
            Responses = [Json(typeof(WireToken))],
        },
        new("PATCH", TokenPath, OfToken(ChangeAsync))
        {
            Name = "changeAccessToken",
            Summary = "Changes the description of an access token of a user.",
            Request = typeof(WireDescription),
            Responses = [Json(typeof(WireToken))],
        },
        new("DELETE", TokenPath, OfToken(RevokeAsync))
        {
            Name = "deleteAccessToken",
            Summary = "Deletes an access token of a user.",
            Responses = [new ProducesResponseTypeMetadata(StatusCodes.Status200OK)],
        },
    ];

    /// <summary>The route parameter with the user whose tokens are meant.</summary>
    public const string UserId = "user_id";

    private const string TokenId = "token_id";
    private const string TokenPath = "{" + TokenId + "}";

    private static ProducesResponseTypeMetadata Json(Type body) => new(StatusCodes.Status200OK, body, ["application/json"]);

    private static async Task<TokenApiResponse> ListAsync(TokenApiCall call, string subject)
    {
        if (Subscribes(call))
        {
            return await TokenStream.OpenAsync(call, subject, new ListFrames(call, subject)).ConfigureAwait(false);
        }

        IAsyncEnumerable<WireToken> tokens = call.Tokens.ListAllAsync(SubjectTokens.ShownOf(call.Realm, subject), call.Aborted).Select(WireToken.From);
        return TokenApiResponse.Rows(new JsonRows<WireToken>(call.WhileAllowedAsync(tokens), CanvusJson.Product.WireToken));
    }

    private static async Task<TokenApiResponse> CreateAsync(TokenApiCall call, string subject)
    {
        DescriptionInput description = await DescriptionInput.ReadAsync(call).ConfigureAwait(false);
        if (description.Problem is { } problem)
        {
            return problem;
        }

        IssueResult result = await call.Tokens.IssueAsync(
            new IssueRequest(call.Realm)
            {
                Kind = CanvusTokensDefaults.AccessTokenKind,
                Subject = subject,
                Name = description.Text,
                Actor = call.Actor,
            },
            call.Aborted).ConfigureAwait(false);
        return result switch
        {
            IssueResult.Issued issued => Show(WireToken.From(issued.Token) with { PlainToken = issued.Plaintext.Reveal() }),
            IssueResult.Rejected rejected => call.Say(rejected.Reason),
            _ => call.Say(TokenApiOutcome.Unavailable),
        };
    }

    private static async Task<TokenApiResponse> GetAsync(TokenApiCall call, ApiToken token) =>
        Subscribes(call)
            ? await TokenStream.OpenAsync(call, token.Subject, new SingleFrames(call, token.Id)).ConfigureAwait(false)
            : Show(WireToken.From(token));

    private static async Task<TokenApiResponse> ChangeAsync(TokenApiCall call, ApiToken token)
    {
        DescriptionInput description = await DescriptionInput.ReadAsync(call).ConfigureAwait(false);
        if (description.Problem is { } problem)
        {
            return problem;
        }

        UpdateResult result = await call.Tokens.UpdateAsync(
            new UpdateRequest(call.Realm, token.Id, SubjectFilter.Is(token.Subject)) { Name = description.Text, Actor = call.Actor },
            call.Aborted).ConfigureAwait(false);
        return result switch
        {
            UpdateResult.Updated updated => Show(WireToken.From(updated.Token)),
            UpdateResult.NotFound => call.Say(TokenApiOutcome.UnknownToken),
            UpdateResult.Rejected rejected => call.Say(rejected.Reason),
            _ => call.Say(TokenApiOutcome.Unavailable),
        };
    }

    // Clients read a body whenever there is a Content-Type, so there is neither.
    private static async Task<TokenApiResponse> RevokeAsync(TokenApiCall call, ApiToken token)
    {
        var request = new RevokeRequest(call.Realm, token.Id, SubjectFilter.Is(token.Subject)) { Actor = call.Actor };
        RevokeResult result = await call.Tokens.RevokeAsync(request, call.Aborted).ConfigureAwait(false);
        return result is RevokeResult.Rejected rejected ? call.Say(rejected.Reason) : new TokenApiResponse(StatusCodes.Status200OK);
    }

    /// <summary>An operation on the tokens of the user in the path, whose subject it gets.</summary>
    private static TokenApiOperation OfUser(Func<TokenApiCall, string, Task<TokenApiResponse>> operation) => async call =>
    {
        string text = call.PathText(UserId);
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long userId))
        {
            return CanvusDialect.Invalid($"User ID {text} is not an integer");
        }

        // Without rights the answer is the same whether the user exists or not.
        string subject = userId.ToString(CultureInfo.InvariantCulture);
        if (!await call.Rights.MayManageAsync(subject).ConfigureAwait(false))
        {
            return call.Say(TokenApiOutcome.RightsMissing);
        }

        return await call.Service<ICanvusUsers>().ExistsAsync(call.Realm, userId, call.Aborted).ConfigureAwait(false)
            ? await operation(call, subject).ConfigureAwait(false)
            : CanvusDialect.UnknownUser;
    };

    /// <summary>An operation on the token in the path, as long as it is there, has not been revoked and is of the kind that the API shows.</summary>
    private static TokenApiOperation OfToken(Func<TokenApiCall, ApiToken, Task<TokenApiResponse>> operation) => OfUser(async (call, subject) =>
    {
        ApiToken? token = TokenIdText.TryRead(call.PathText(TokenId), out Guid id)
            ? await call.Tokens.FindAsync(call.Realm, id, SubjectFilter.Is(subject), call.Aborted).ConfigureAwait(false)
            : null;
        return token is { RevokedAt: null } && SubjectTokens.IsShown(token)
            ? await operation(call, token).ConfigureAwait(false)
            : call.Say(TokenApiOutcome.UnknownToken);
    });

    // The parameter is a flag: clients send it alone, and with true, 1 and more.
    private static bool Subscribes(TokenApiCall call) =>
        QueryText.Last(call.Request, "subscribe") is { } text and not "0" && !text.Equals("false", StringComparison.OrdinalIgnoreCase);

    private static TokenApiResponse Show(WireToken token) => TokenApiResponse.Json(StatusCodes.Status200OK, token, CanvusJson.Product.WireToken);
}
