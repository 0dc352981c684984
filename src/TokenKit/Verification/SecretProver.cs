using System.Diagnostics.CodeAnalysis;
using TokenKit.Diagnostics;
using TokenKit.Hashing;
using TokenKit.Stores;
using TokenKit.Turns;

namespace TokenKit.Verification;

/// <summary>Compares presented texts with stored hashes: each pair at most once at a time, however many requests present it.</summary>
internal sealed class SecretProver(HashingGate gate, UnprovenBudget budget, ProofCache proofs, Metrics metrics)
{
    private readonly Dictionary<ProofKey, Task<SecretVerdict>> _running = [];

    /// <summary>How many comparisons run or wait.</summary>
    public int Running
    {
        get
        {
            lock (_running)
            {
                return _running.Count;
            }
        }
    }

    /// <summary>Compares, or joins a comparison that runs already. A match is remembered even when nobody waits for it any more.</summary>
    /// <param name="proof">The pair.</param>
    /// <param name="row">The row.</param>
    /// <param name="text">The presented text.</param>
    /// <param name="possession">What is known already. Where that is nothing, the token's budget is asked.</param>
    /// <param name="verdict">The verdict, once there is one.</param>
    /// <returns>False when too many wait at the gate, or the budget of the token is used up.</returns>
    public bool TryProve(ProofKey proof, StoredToken row, string text, Possession possession, [NotNullWhen(true)] out Task<SecretVerdict>? verdict)
    {
        bool isUnproven = possession == Possession.Unproven;
        lock (_running)
        {
            // It may have become known since the caller looked.
            if (proofs.Contains(proof))
            {
                verdict = Task.FromResult(SecretVerdict.Matches);
                return true;
            }

            // One that has ended but is not forgotten yet may have failed; a match is in the proof cache.
            if (_running.TryGetValue(proof, out verdict) && !verdict.IsCompleted)
            {
                return true;
            }

            if (isUnproven && !budget.TryTake(row.Id))
            {
                metrics.HashTurnedAway();
                return false;
            }

            if (!gate.TryVerify(new TurnOwner(row.Realm, row.Subject, row.Id), isUnproven, text, row.Secret.Hash, out Task<SecretVerdict>? verifying))
            {
                if (isUnproven)
                {
                    budget.GiveBack(row.Id);
                }

                return false;
            }

            verdict = ProveAsync(proof, row.Id, isUnproven, verifying);
            _running[proof] = verdict;
            _ = verdict.ContinueWith(ended => Forget(proof, ended), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return true;
        }
    }

    private async Task<SecretVerdict> ProveAsync(ProofKey proof, Guid id, bool isUnproven, Task<SecretVerdict> verifying)
    {
        SecretVerdict verdict = await verifying.ConfigureAwait(false);
        if (verdict is SecretVerdict.Matches or SecretVerdict.MatchesOutdated)
        {
            proofs.Remember(proof);
            if (isUnproven)
            {
                budget.GiveBack(id);
            }
        }

        return verdict;
    }

    private void Forget(ProofKey proof, Task<SecretVerdict> ended)
    {
        lock (_running)
        {
            if (_running.TryGetValue(proof, out Task<SecretVerdict>? running) && running == ended)
            {
                _running.Remove(proof);
            }
        }
    }
}
