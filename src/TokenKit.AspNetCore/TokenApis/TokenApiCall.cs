using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TokenKit.AspNetCore.Authorization;

namespace TokenKit.AspNetCore.TokenApis;

/// <summary>One call of an operation, by a caller who is known.</summary>
internal sealed class TokenApiCall(HttpContext context, TokenApi set, TokenCaller caller, DateTimeOffset? credentialExpiresAt)
{
    public HttpRequest Request => context.Request;

    public CancellationToken Aborted => context.RequestAborted;

    public TokenCaller Caller { get; } = caller;

    /// <summary>The caller, as the one who makes a change.</summary>
    public TokenActor Actor =>
        (Caller.Token is { } token ? TokenActor.For(token) with { Name = Caller.Subject } : TokenActor.Person(Caller.Subject))
        with { Address = context.Connection.RemoteIpAddress };

    /// <summary>Whose tokens the caller may manage.</summary>
    public CallerRights Rights { get; } = new(context.RequestServices, caller, set.Name, context.RequestAborted);

    /// <summary>When the caller's credential expires, if it is none of the realm's tokens and its scheme says so.</summary>
    public DateTimeOffset? CredentialExpiresAt { get; } = credentialExpiresAt;

    /// <summary>The realm of the set's tokens.</summary>
    public string Realm => set.Name;

    public ApiTokens Tokens => Service<ApiTokens>();

    public T Service<T>()
        where T : notnull => context.RequestServices.GetRequiredService<T>();

    /// <summary>The one service of its kind that the set has for its realm.</summary>
    public T RealmService<T>()
        where T : notnull => context.RequestServices.GetRequiredKeyedService<T>(Realm);

    /// <summary>Disposes of something when the answer has ended, however it ends.</summary>
    public void DisposeAtEnd(IDisposable disposable) => context.Response.RegisterForDispose(disposable);

    public TokenApiResponse Say(TokenApiOutcome outcome) => set.Say(outcome);

    public TokenApiResponse Say(RejectionReason reason) => set.Say(reason);

    /// <summary>The text of a parameter of the route.</summary>
    public string PathText(string parameter) => (string)Request.RouteValues[parameter]!;

    public ValueTask<RequestBody> ReadBodyAsync() => RequestBody.ReadAsync(Request, Aborted);

    public async ValueTask<JsonBody> ReadJsonAsync() => JsonBody.From(await ReadBodyAsync().ConfigureAwait(false));
}
