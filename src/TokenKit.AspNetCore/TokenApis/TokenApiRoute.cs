using Microsoft.AspNetCore.Http;

namespace TokenKit.AspNetCore.TokenApis;

/// <summary>Finds out who calls a set.</summary>
internal delegate Task<CallerResolution> TokenApiCallers(HttpContext context, TokenApi set);

/// <summary>Whether a caller may call a set at all.</summary>
internal delegate ValueTask<bool> TokenApiRights(TokenApiCall call);

/// <summary>An operation of a set. It makes its answer and sends nothing.</summary>
internal delegate Task<TokenApiResponse> TokenApiOperation(TokenApiCall call);

/// <summary>One row of a set's route table.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The route pattern below the set; empty for the set's own path.</param>
/// <param name="Operation">What is done.</param>
internal sealed record TokenApiRoute(string Method, string Path, TokenApiOperation Operation)
{
    /// <summary>Whether the path with a slash behind it is not the set's, though routing takes both for one.</summary>
    public bool RefusesSlashBehind { get; init; }

    /// <summary>Whether the row is meant by the path of a request that was routed to it.</summary>
    public bool Has(PathString path) => !RefusesSlashBehind || path.Value is not [_, .., '/'];
}
