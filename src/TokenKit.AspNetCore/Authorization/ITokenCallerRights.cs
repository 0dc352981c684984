namespace TokenKit.AspNetCore.Authorization;

/// <summary>Says who may manage whose tokens. A host implements it to have administrators; without one, everybody manages only their own.</summary>
/// <remarks>
/// It is resolved from the services of each request, so it may have scoped dependencies. Register it with
/// <c>services.AddScoped&lt;ITokenCallerRights, …&gt;()</c>. It widens or narrows whose tokens a caller reaches, not what a token may do:
/// a token still needs its scopes.
/// </remarks>
public interface ITokenCallerRights
{
    /// <summary>Whether a caller may list, issue, change and revoke the tokens of a subject.</summary>
    /// <param name="caller">The caller, authenticated. One of another scheme than TokenKit's always has a subject.</param>
    /// <param name="realm">The realm of the tokens.</param>
    /// <param name="subject">Whose tokens; null for those that belong to nobody. It need not exist.</param>
    /// <param name="cancellationToken">The request was given up.</param>
    /// <returns>
    /// Whether the caller may. The answer holds for this request, or this check of a stream, only. Where the body of a request takes more than
    /// a second, the question is asked again: of services of another scope, and about the caller's token as it is then.
    /// </returns>
    ValueTask<bool> MayManageAsync(TokenCaller caller, string realm, string? subject, CancellationToken cancellationToken);
}
