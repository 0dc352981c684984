using System.Collections.Concurrent;
using TokenKit.Stores;

namespace TokenKit.Tests.Stores.StoreDefects;

/// <summary>Stores that make changes twice, or never.</summary>
internal static class Remembering
{
    public static IReadOnlyList<StoreDefect> All { get; } =
    [
        new("ForgetsIssues", "Repeats_Issue_ChangesNothing", () => Forgetting<TokenChange.Issue>()),
        new("ForgetsUpdates", "Repeats_UpdateWithSecret_BringsNoFormerSecretBack", () => Forgetting<TokenChange.Update>()),
        new("ForgetsRehashes", "Rehashing_Again_ChangesNothing", () => Forgetting<TokenChange.Rehash>()),
        new("ForgetsRevocations", "Acting_OnItself_MayRevokeAndDeleteItself", () => Forgetting<TokenChange.Revoke>()),
        new("ForgetsRevocationsOfAll", "RevokingAll_Again_ChangesNothing", () => Forgetting<TokenChange.RevokeAll>()),
        new("ForgetsDeletions", "Repeats_Delete_ChangesNothing", () => Forgetting<TokenChange.Delete>()),
        new("RemembersRefusedChanges", "Repeats_RefusedIssue_IsTriedAgain", () => new AlteredStore { Remembers = (_, _) => true }),
        new("RemembersRefusedActors", "Acting_RightLost_IsNotRemembered", () => new AlteredStore { Remembers = (_, result) => result.Outcome is CommitOutcome.Done or CommitOutcome.ActorLost }),
        new("RemembersAfterwards", "Repeats_UpdateEightTimesAtOnce_IsMadeOnce", () => new AlteredStore { RemembersAfterwards = true }),
        new("RepeatsWithoutRow", "Repeats_Revoke_ChangesNothing", () => new AlteredStore { Repeat = (_, _) => new CommitResult(CommitOutcome.Done) }),
        new("RepeatsItsFirstAnswer", "Repeats_RowGone_BringNothingBack", RepeatsItsFirstAnswer),
        new("JudgesActorsOfRepeatedChanges", "Acting_RepeatedChangeByLostActor_IsDone", () => new AlteredStore
        {
            Repeat = (rows, change) => change.Decide(rows.Read(change)) is { Result.Outcome: CommitOutcome.ActorLost } decision
                ? decision.Result
                : CommitResult.Repeated(change, change.Target is { } id ? rows.Find(id) : null),
        }),
    ];

    private static AlteredStore Forgetting<T>()
        where T : TokenChange => new() { Remembers = (change, result) => result.Outcome == CommitOutcome.Done && change is not T };

    private static AlteredStore RepeatsItsFirstAnswer()
    {
        ConcurrentDictionary<Guid, CommitResult> answers = new();
        return new AlteredStore
        {
            Answer = (change, result) => change.ChangeId is { } id && result.Outcome == CommitOutcome.Done ? answers.GetOrAdd(id, result) : result,
        };
    }
}
