using TokenKit.AspNetCore.Authorization;

namespace TokenKit.AspNetCore.Tests.Traces;

/// <summary>
/// Rights that a case can change: user 1000 manages everybody's tokens and those of nobody, everybody else their own. Those of user "banned"
/// are not managed by anyone.
/// </summary>
internal sealed class SwitchableRights : ITokenCallerRights
{
    public bool AreGone { get; set; }

    public bool AreFailing { get; set; }

    /// <summary>Whether everybody manages all tokens.</summary>
    public bool AreEverybodys { get; set; }

    public ValueTask<bool> MayManageAsync(TokenCaller caller, string realm, string? subject, CancellationToken cancellationToken) =>
        AreFailing
            ? throw new InvalidOperationException("inner workings")
            : ValueTask.FromResult(!AreGone && (AreEverybodys || (subject != "banned" && (caller.Subject == "1000" || caller.Subject == subject))));
}
