using System.Runtime.InteropServices;

namespace TokenKit.Turns;

/// <summary>Whose turn it is. Subjects take turns, then the tokens of a subject, so that many calls of one are not before one of another.</summary>
/// <param name="Realm">The realm.</param>
/// <param name="Subject">The subject; empty for nobody, and for work that is nobody's.</param>
/// <param name="Token">The token of that subject.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TurnOwner(string Realm, string Subject, Guid Token)
{
    /// <summary>Who waits for a change: the acting token, or else the token that is changed.</summary>
    public static TurnOwner Of(TokenActor actor, string realm, string subject, Guid token) =>
        actor.Token is { } acting ? new(acting.Realm, acting.Subject, acting.Id) : new(realm, subject, token);
}
