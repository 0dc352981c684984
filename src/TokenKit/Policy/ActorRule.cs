using System.Diagnostics;

namespace TokenKit.Policy;

/// <summary>The one place that decides whether an actor may make a change.</summary>
internal static class ActorRule
{
    /// <summary>Why an actor may not act; null when it may.</summary>
    /// <param name="actor">The actor.</param>
    /// <param name="acting">The record of the actor's token to judge by; null when it is gone. Without a token nothing limits the actor.</param>
    /// <param name="realm">The realm of the tokens. A token counts in its own realm only.</param>
    /// <param name="target">The token to change; null for none.</param>
    /// <param name="now">The instant.</param>
    public static RejectionReason? ProblemOf(TokenActor actor, ApiToken? acting, string realm, Guid? target, DateTimeOffset now) =>
        actor.Token is null ? null
        : acting is null ? RejectionReason.ActorEnded
        : !string.Equals(acting.Realm, realm, StringComparison.Ordinal) ? RejectionReason.MayNotManage
        : acting.GetStatus(now) != TokenStatus.Active ? RejectionReason.ActorEnded
        : HoldsWhatIsRequired(actor.Required, acting, target) ? null
        : RejectionReason.MayNotManage;

    private static bool HoldsWhatIsRequired(TokenAuthority required, ApiToken acting, Guid? target) => required switch
    {
        TokenAuthority.Manage => acting.Scopes.Contains(ApiTokens.ManageScope),
        TokenAuthority.Rotate => target == acting.Id && acting.Scopes.Contains(ApiTokens.RotateScope),
        TokenAuthority.Possession => target == acting.Id,
        _ => throw new UnreachableException(),
    };
}
