using System.Text;
using TokenKit.Stores;

namespace TokenKit.Policy;

/// <summary>What every request for a new or changed token is held to.</summary>
internal static class RequestRule
{
    public static RejectionReason? ProblemOfName(string name, KindPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(name);
        return StorableText.IsValid(name, policy.MaximumNameLength) && !(policy.UniqueNames && name.Length == 0)
            ? null
            : RejectionReason.InvalidName;
    }

    /// <summary>Whether a token may manage the tokens of a realm: it counts in its own realm only, while it can be used, and with the scope for it.</summary>
    public static RejectionReason? ProblemOfActing(ApiToken? actingToken, Realm realm, DateTimeOffset now) =>
        actingToken is null
        || (string.Equals(actingToken.Realm, realm.Name, StringComparison.Ordinal)
            && actingToken.GetStatus(now) == TokenStatus.Active
            && actingToken.Scopes.Contains(ApiTokens.ManageScope))
            ? null
            : RejectionReason.MayNotManage;

    /// <summary>
    /// The same as it is by now, after the caller had to wait for a hash: whoever lost the right meanwhile – its token was revoked, say, with all
    /// that its owner has – leaves no new token behind.
    /// </summary>
    public static async ValueTask<RejectionReason?> ProblemOfActingNowAsync(
        ApiToken? actingToken, Realm realm, ITokenStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        if (actingToken is null)
        {
            return null;
        }

        StoredToken? row = await store.FindAsync(actingToken.Id, cancellationToken).ConfigureAwait(false);
        return row is null ? RejectionReason.MayNotManage : ProblemOfActing(ApiToken.From(row), realm, time.GetUtcNow());
    }

    // Wire data comes from an endpoint set, not from a caller: a wrong one is a bug.
    public static void ThrowIfNotWireData(string? wireData)
    {
        StorableText.ThrowIfNot(wireData, ApiToken.MaximumWireDataBytes, nameof(wireData));
        if (wireData is not null && Encoding.UTF8.GetByteCount(wireData) > ApiToken.MaximumWireDataBytes)
        {
            throw new ArgumentException($"The wire data is longer than {ApiToken.MaximumWireDataBytes} bytes of UTF-8.", nameof(wireData));
        }
    }
}
