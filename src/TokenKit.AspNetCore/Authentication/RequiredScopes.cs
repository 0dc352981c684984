using Microsoft.AspNetCore.Http;

namespace TokenKit.AspNetCore.Authentication;

/// <summary>The scopes that a request was found to lack: authorization finds them, the answer 403 names them (RFC 6750 §3.1).</summary>
internal sealed class RequiredScopes
{
    private readonly SortedSet<string> _scopes = new(StringComparer.Ordinal);

    /// <summary>The scopes, separated by spaces; empty when the request was not forbidden for its scopes.</summary>
    public static string For(HttpContext context) => string.Join(' ', context.Features.Get<RequiredScopes>()?._scopes ?? []);

    public static void Add(HttpContext context, ScopeSet scopes)
    {
        RequiredScopes? required = context.Features.Get<RequiredScopes>();
        if (required is null)
        {
            required = new RequiredScopes();
            context.Features.Set(required);
        }

        required._scopes.UnionWith(scopes);
    }
}
