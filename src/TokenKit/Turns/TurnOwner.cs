using System.Runtime.InteropServices;

namespace TokenKit.Turns;

/// <summary>Whose turn it is. Subjects take turns, then the tokens of a subject, so that a subject with many calls does not delay one with few.</summary>
/// <param name="Realm">The realm.</param>
/// <param name="Subject">The subject; empty for tokens without one, and for work of the library itself.</param>
/// <param name="Token">The token of that subject.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TurnOwner(string Realm, string Subject, Guid Token)
{
    /// <summary>Who waits for a change: the acting token, or else the token that is changed.</summary>
    public static TurnOwner For(TokenActor actor, string realm, string subject, Guid token) =>
        actor.Token is { } acting ? new(acting.Realm, acting.Subject, acting.Id) : new(realm, subject, token);
}
