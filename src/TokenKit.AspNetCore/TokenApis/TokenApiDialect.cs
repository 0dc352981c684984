namespace TokenKit.AspNetCore.TokenApis;

/// <summary>How a product says what did not go well.</summary>
/// <param name="Say">
/// Says an outcome that any operation can have: status and body. <see cref="TokenApi.Say"/> adds the headers that the status calls for.
/// </param>
internal sealed record TokenApiDialect(Func<TokenApiOutcome, TokenApiResponse> Say);
