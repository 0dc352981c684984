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

    /// <summary>Why a store refused a change, for its caller.</summary>
    /// <exception cref="InvalidOperationException">No caller can cause the outcome.</exception>
    public static RejectionReason ReasonOf(CommitResult result) => result switch
    {
        { Outcome: CommitOutcome.NameTaken } => RejectionReason.NameTaken,
        { Outcome: CommitOutcome.CapReached } => RejectionReason.CapReached,
        { Outcome: CommitOutcome.ActorLost, Reason: { } reason } => reason,
        _ => throw new InvalidOperationException($"The store answered {result.Outcome} to a change that cannot come to it."),
    };

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
