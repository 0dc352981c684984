using System.Diagnostics;
using TokenKit.Hashing;

namespace TokenKit.Diagnostics;

/// <summary>The attributes of measurements and activities, and how they name what verifying came to.</summary>
internal static class TagNames
{
    public const string Realm = "tokenkit.realm";
    public const string Outcome = "tokenkit.outcome";
    public const string Reason = "tokenkit.reason";
    public const string TokenId = "tokenkit.token_id";
    public const string Purpose = "tokenkit.purpose";

    public static string For(VerificationResult result) => result switch
    {
        VerificationResult.Valid => "valid",
        VerificationResult.Refused { Reason: RefusalReason.Foreign } => "foreign",
        VerificationResult.Refused => "refused",
        _ => "unavailable",
    };

    public static string For(RefusalReason reason) => reason switch
    {
        RefusalReason.Malformed => "malformed",
        RefusalReason.Unrecognized => "unrecognized",
        RefusalReason.Revoked => "revoked",
        RefusalReason.Expired => "expired",
        RefusalReason.Suspended => "suspended",
        RefusalReason.UnusableHash => "unusable_hash",
        RefusalReason.Foreign => "foreign",
        _ => throw new UnreachableException(),
    };

    public static string For(HashPurpose purpose) => purpose switch
    {
        HashPurpose.Issue => "issue",
        HashPurpose.Verify => "verify",
        HashPurpose.Rehash => "rehash",
        _ => throw new UnreachableException(),
    };
}
