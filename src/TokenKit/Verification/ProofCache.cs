using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace TokenKit.Verification;

/// <summary>
/// Remembers one fact: "this text matched that stored hash". Never a decision, a principal or the state of a row, so that a revocation
/// is not delayed by it. It holds digests under a key of this process only.
/// </summary>
/// <remarks>
/// Bounded by two generations: when the young one has reached the capacity, it becomes the old one and the old one is forgotten. A proof
/// that is found in the old generation moves to the young one, so what is in use stays: as many proofs as the capacity says, and room for twice as many.
/// </remarks>
internal sealed class ProofCache(IOptions<VerificationOptions> options)
{
    private readonly int _generationSize = options.Value.ProofCacheCapacity;
    private readonly Lock _turning = new();
    private volatile ConcurrentDictionary<ProofKey, bool> _young = new();
    private volatile ConcurrentDictionary<ProofKey, bool> _old = new();
    private int _youngCount;

    /// <summary>Whether the proof is remembered; asking does not keep it longer.</summary>
    public bool Contains(in ProofKey proof) => _young.ContainsKey(proof) || _old.ContainsKey(proof);

    /// <summary>Whether the proof is remembered; if so, it is in use and stays.</summary>
    public bool Knows(in ProofKey proof)
    {
        if (_young.ContainsKey(proof))
        {
            return true;
        }

        if (!_old.ContainsKey(proof))
        {
            return false;
        }

        Remember(proof);
        return true;
    }

    public void Remember(in ProofKey proof)
    {
        if (_generationSize == 0 || !_young.TryAdd(proof, true) || Interlocked.Increment(ref _youngCount) < _generationSize)
        {
            return;
        }

        lock (_turning)
        {
            if (Volatile.Read(ref _youngCount) >= _generationSize)
            {
                _old = _young;
                _young = new();
                Volatile.Write(ref _youngCount, 0);
            }
        }
    }
}
