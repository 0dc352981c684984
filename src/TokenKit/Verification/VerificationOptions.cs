using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace TokenKit.Verification;

/// <summary>What verification remembers.</summary>
public sealed class VerificationOptions
{
    /// <summary>
    /// How many proofs – facts of the form "this text matched that hash" – are remembered at least, 0 to 10 000 000; there is room for twice
    /// as many. A token whose proof is forgotten is hashed once more at its next use.
    /// </summary>
    /// <value>Default: 100 000.</value>
    [Range(0, 10_000_000)]
    public int ProofCacheCapacity { get; set; } = 100_000;
}

[OptionsValidator]
internal sealed partial class VerificationOptionsValidator : IValidateOptions<VerificationOptions>;
