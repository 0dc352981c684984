using TokenKit.AspNetCore.Authorization;

namespace TokenKit.AspNetCore.Tests.Traces;

/// <summary>Rights that a case can take away: user 1000 manages everybody's tokens, everybody else their own.</summary>
internal sealed class SwitchableRights : ITokenCallerRights
{
    public bool AreGone { get; set; }

    public bool AreFailing { get; set; }

    public ValueTask<bool> MayManageAsync(TokenCaller caller, string realm, string subject, CancellationToken cancellationToken) =>
        AreFailing
            ? throw new InvalidOperationException("inner workings")
            : ValueTask.FromResult(!AreGone && (caller.Subject == "1000" || caller.Subject == subject));
}
