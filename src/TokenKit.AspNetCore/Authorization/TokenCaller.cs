using System.Security.Claims;

namespace TokenKit.AspNetCore.Authorization;

/// <summary>Who calls a token API.</summary>
/// <param name="Principal">The caller as it was authenticated, by a token or by another scheme of the host.</param>
/// <param name="Subject">Who the caller is; empty only for a token without a subject.</param>
/// <param name="Token">The token that authenticated the caller; null when another scheme did.</param>
public sealed record TokenCaller(ClaimsPrincipal Principal, string Subject, ApiToken? Token);
