namespace TokenKit.AspNetCore.Authorization;

/// <summary>The rights of a host that says nothing: everybody manages their own tokens, and nobody those of nobody.</summary>
internal sealed class OwnTokensOnly : ITokenCallerRights
{
    public ValueTask<bool> MayManageAsync(TokenCaller caller, string realm, string subject, CancellationToken cancellationToken) =>
        ValueTask.FromResult(subject.Length > 0 && string.Equals(caller.Subject, subject, StringComparison.Ordinal));
}
