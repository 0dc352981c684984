using Microsoft.Extensions.Options;

namespace TokenKit.Verification;

/// <summary>
/// Bounds the hashes for tokens whose possession nothing shows beforehand: so many a minute for one token. Anybody who knows its id can ask for
/// them; a hash that matches is given back.
/// </summary>
internal sealed class UnprovenBudget(IOptions<VerificationOptions> options, TimeProvider time)
{
    private const int MostTokens = 100_000;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, int> _taken = [];
    private readonly int _limit = options.Value.UnprovenHashesPerMinute;
    private long _began = time.GetTimestamp();

    /// <summary>Takes one hash of a token's; false when none is left in this minute.</summary>
    public bool TryTake(Guid id)
    {
        lock (_lock)
        {
            if (time.GetElapsedTime(_began) >= Window)
            {
                _taken.Clear();
                _began = time.GetTimestamp();
            }

            int taken = _taken.GetValueOrDefault(id);
            if (taken >= _limit || (taken == 0 && _taken.Count >= MostTokens))
            {
                return false;
            }

            _taken[id] = taken + 1;
            return true;
        }
    }

    public void GiveBack(Guid id)
    {
        lock (_lock)
        {
            if (_taken.TryGetValue(id, out int taken) && taken > 0)
            {
                _taken[id] = taken - 1;
            }
        }
    }
}
