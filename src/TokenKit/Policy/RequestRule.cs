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

    public static RejectionReason? ProblemOfActor(TokenActor actor, Realm realm, Guid? target, DateTimeOffset now) =>
        actor.MayAct(realm.Name, target, now) ? null : RejectionReason.MayNotManage;

    /// <summary>
    /// The same after the caller waited for a hash, judged by the acting token's row as it is now. An actor that lost the right meanwhile
    /// leaves no new token behind.
    /// </summary>
    public static async ValueTask<RejectionReason?> ProblemOfActorNowAsync(
        TokenActor actor, Realm realm, Guid? target, ITokenStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        if (actor.Token is null)
        {
            return null;
        }

        StoredToken? row = await store.FindAsync(actor.Token.Id, cancellationToken).ConfigureAwait(false);
        return row is null
            ? RejectionReason.MayNotManage
            : ProblemOfActor(TokenActor.For(ApiToken.From(row), actor.Required), realm, target, time.GetUtcNow());
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
