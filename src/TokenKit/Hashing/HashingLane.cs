using System.Runtime.InteropServices;

namespace TokenKit.Hashing;

/// <summary>For whom a hash is computed. Lanes take turns, so that many of one are not before one of another.</summary>
/// <param name="Realm">The realm, for an issue; null for a verification.</param>
/// <param name="Subject">Whom a token is issued to.</param>
/// <param name="TokenId">The token that is verified.</param>
/// <param name="IsUnproven">Whether nothing shows that the caller holds the secret.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct HashingLane(string? Realm, string? Subject, Guid TokenId, bool IsUnproven)
{
    public static HashingLane ForIssue(string realm, string subject) => new(realm, subject, Guid.Empty, IsUnproven: false);

    public static HashingLane ForVerification(Guid tokenId, bool isUnproven) => new(Realm: null, Subject: null, tokenId, isUnproven);
}
