using Microsoft.AspNetCore.Http.Metadata;

namespace TokenKit.AspNetCore.TokenApis;

/// <summary>How a product says what did not go well.</summary>
/// <param name="Say">
/// Says an outcome that any operation can have: status and body. <see cref="TokenApi"/> adds the headers that the status calls for.
/// </param>
/// <param name="Rejected">
/// Says why the core rejected a token to issue or to change; null for reasons that no input of the product can cause. What the caller may not do
/// is an outcome.
/// </param>
/// <param name="Failures">The statuses, bodies and media types that all these have, for the description of each operation.</param>
internal sealed record TokenApiDialect(
    Func<TokenApiOutcome, TokenApiResponse> Say,
    Func<RejectionReason, TokenApiResponse?> Rejected,
    IReadOnlyList<IProducesResponseTypeMetadata> Failures);
