using System.Runtime.InteropServices;
using TokenKit.Stores;
using TokenKit.Turns;

namespace TokenKit.Dapper.Execution;

/// <summary>Who writes, where writers stand in line.</summary>
/// <param name="Owner">Whose turn it is.</param>
/// <param name="Lane">The first lane is that of revocations.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Writer(TurnOwner Owner, TurnLane Lane)
{
    /// <summary>The library itself: last uses, purges, steps of the schema.</summary>
    public static Writer Library { get; } = new(new TurnOwner("", "", Guid.Empty), TurnLane.Second);

    /// <summary>Who makes a change.</summary>
    public static Writer For(TokenChange change) => new(
        TurnOwner.For(change.Actor, change.Realm, change.Owner is SubjectFilter.OneSubject one ? one.Subject : "", change.Target ?? Guid.Empty),
        change is TokenChange.Revoke or TokenChange.RevokeAll or TokenChange.Delete ? TurnLane.First : TurnLane.Second);
}
