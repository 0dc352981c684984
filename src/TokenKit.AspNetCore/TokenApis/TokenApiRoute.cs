using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace TokenKit.AspNetCore.TokenApis;

/// <summary>Finds out who calls a set.</summary>
internal delegate Task<CallerResolution> TokenApiCallers(HttpContext context, TokenApi set);

/// <summary>Whether a caller may call a set at all.</summary>
internal delegate ValueTask<bool> TokenApiRights(TokenApiCall call);

/// <summary>An operation of a set. It makes its answer and sends nothing.</summary>
internal delegate Task<TokenApiResponse> TokenApiOperation(TokenApiCall call);

/// <summary>One row of a set's route table. It describes itself, and each endpoint that is mapped for it carries it.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The route pattern below the set; empty for the set's own path.</param>
/// <param name="Operation">What is done.</param>
/// <remarks>
/// <see cref="Name"/> is no endpoint name, since a set may be mounted several times in one host. <see cref="Request"/> is no
/// <see cref="IAcceptsMetadata"/>, since routing would then answer 415 by itself.
/// </remarks>
internal sealed record TokenApiRoute(string Method, string Path, TokenApiOperation Operation) : IEndpointSummaryMetadata
{
    /// <summary>The name of the operation, unique in its set.</summary>
    public required string Name { get; init; }

    /// <summary>What the operation does, in a few words for people.</summary>
    public required string Summary { get; init; }

    /// <summary>The JSON object that the operation reads; null when it looks at no body.</summary>
    public Type? Request { get; init; }

    /// <summary>What the operation answers when all goes well. What else it may answer is in <see cref="TokenApiDialect.Failures"/>.</summary>
    public required IReadOnlyList<IProducesResponseTypeMetadata> Responses { get; init; }

    /// <summary>Whether the path with a slash behind it is not the set's, though routing takes both for one.</summary>
    public bool RefusesSlashBehind { get; init; }

    /// <summary>Whether the row is meant by the path of a request that was routed to it.</summary>
    public bool Has(PathString path) => !RefusesSlashBehind || path.Value is not [_, .., '/'];
}
