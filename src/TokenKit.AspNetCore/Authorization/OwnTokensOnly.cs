namespace TokenKit.AspNetCore.Authorization;

/// <summary>Default rights: callers manage their own tokens. Tokens without a subject are not managed by anyone.</summary>
internal sealed class OwnTokensOnly : ITokenCallerRights
{
    public ValueTask<bool> MayManageAsync(TokenCaller caller, string realm, string? subject, CancellationToken cancellationToken) =>
        ValueTask.FromResult(subject is { Length: > 0 } && string.Equals(caller.Subject, subject, StringComparison.Ordinal));
}
