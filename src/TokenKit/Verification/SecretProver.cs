using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using TokenKit.Diagnostics;
using TokenKit.Format;
using TokenKit.Hashing;

namespace TokenKit.Verification;

/// <summary>Compares presented texts with stored hashes: each pair at most once at a time, however many requests present it.</summary>
internal sealed class SecretProver(ISecretHasher hasher, HashingGate gate, ProofCache proofs, TimeProvider time, Metrics metrics)
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
    /// <param name="text">The presented text.</param>
    /// <param name="hash">The stored hash.</param>
    /// <param name="verdict">The verdict, once there is one.</param>
    /// <returns>False when too many wait at the gate.</returns>
    public bool TryProve(ProofKey proof, string text, string hash, [NotNullWhen(true)] out Task<SecretVerdict>? verdict)
    {
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

            if (!gate.TryRun(stopping => Prove(proof, text, hash, stopping), out verdict))
            {
                return false;
            }

            _running[proof] = verdict;
            _ = verdict.ContinueWith(ended => Forget(proof, ended), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return true;
        }
    }

    private SecretVerdict Prove(ProofKey proof, string text, string hash, CancellationToken stopping)
    {
        Span<byte> ascii = stackalloc byte[TokenText.MaximumLength];
        try
        {
            int length = Encoding.ASCII.GetBytes(text, ascii);
            long startedAt = time.GetTimestamp();
            SecretVerdict verdict = hasher.Verify(ascii[..length], hash, stopping);
            if (verdict != SecretVerdict.Unusable)
            {
                metrics.HashedToVerify(time.GetElapsedTime(startedAt));
            }

            if (verdict is SecretVerdict.Matches or SecretVerdict.MatchesOutdated)
            {
                proofs.Remember(proof);
            }

            return verdict;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(ascii);
        }
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
