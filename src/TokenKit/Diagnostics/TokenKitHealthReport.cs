using TokenKit.Stores;

namespace TokenKit;

/// <summary>What <see cref="TokenKitHealth"/> found. Nothing in it is secret.</summary>
/// <param name="IsStoreReachable">Whether the store answered.</param>
/// <param name="Store">What it said.</param>
/// <param name="HashesRunning">How many hashes are being computed.</param>
/// <param name="HashesAllowed">How many may be.</param>
/// <param name="HashesWaiting">How many callers wait for theirs.</param>
/// <param name="HashesMayWait">How many may.</param>
public sealed record TokenKitHealthReport(
    bool IsStoreReachable, StoreStatus Store, int HashesRunning, int HashesAllowed, int HashesWaiting, int HashesMayWait)
{
    /// <summary>Whether the gate is (nearly) closed: no permit is free, and three of four places of its queue are taken. First uses are then answered 503 soon.</summary>
    public bool IsSaturated => HashesRunning >= HashesAllowed && HashesWaiting >= HashesMayWait - (HashesMayWait / 4);
}
