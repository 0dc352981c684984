using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace TokenKit;

/// <summary>What verification remembers, and what it spends on tokens whose possession only a hash can tell.</summary>
public sealed class VerificationOptions
{
    /// <summary>
    /// How many proofs – facts of the form "this text matched that hash" – are remembered at least, 0 to 10 000 000; there is room for twice
    /// as many. A token whose proof is forgotten is hashed once more at its next use.
    /// </summary>
    /// <value>Default: 100 000.</value>
    [Range(0, 10_000_000)]
    public int ProofCacheCapacity { get; set; } = 100_000;

    /// <summary>
    /// How many rows are kept at least before the oldest are forgotten, 1 to 10 000 000; there is room for twice as many. None are kept while
    /// the <see cref="RealmOptions.MaximumRevocationDelay"/> of every realm is zero. A row takes about 1.7 KiB.
    /// </summary>
    /// <value>Default: 20 000.</value>
    [Range(1, 10_000_000)]
    public int RowCacheCapacity { get; set; } = 20_000;

    /// <summary>
    /// How many hashes a minute may be computed for one token that nothing but its hash can tell possession of – its key is gone, or it was
    /// imported – 1 to 10 000. Whoever knows its id can have them computed; beyond the limit the answer is to come back.
    /// </summary>
    /// <value>Default: 10. A hash that matches does not count.</value>
    [Range(1, 10_000)]
    public int UnprovenHashesPerMinute { get; set; } = 10;
}

[OptionsValidator]
internal sealed partial class VerificationOptionsValidator : IValidateOptions<VerificationOptions>;
