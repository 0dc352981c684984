using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Authorization;

namespace TokenKit.AspNetCore.Endpoints;

/// <summary>One call of an operation, by a caller who is known.</summary>
internal sealed class SetCall(HttpContext context, EndpointSet set, TokenCaller caller)
{
    public HttpRequest Request => context.Request;

    public CancellationToken Aborted => context.RequestAborted;

    public TokenCaller Caller { get; } = caller;

    /// <summary>The realm of the set's tokens.</summary>
    public string Realm => set.Name;

    public ApiTokens Tokens => Service<ApiTokens>();

    public T Service<T>()
        where T : notnull => context.RequestServices.GetRequiredService<T>();

    public SetAnswer Say(SetOutcome outcome) => set.Say(outcome);

    /// <summary>The text of a parameter of the route.</summary>
    public string PathText(string parameter) => (string)Request.RouteValues[parameter]!;

    public ValueTask<RequestBody> ReadBodyAsync() => RequestBody.ReadAsync(Request, Aborted);

    /// <summary>Whether the caller may manage the tokens of a subject: a token needs the scope for it, and everybody the host's word.</summary>
    public async ValueTask<bool> MayManageAsync(string subject) =>
        Caller.Token?.Scopes.Contains(ApiTokens.ManageScope) is not false
        && await Service<ITokenCallerRights>().MayManageAsync(Caller, Realm, subject, Aborted).ConfigureAwait(false);
}
