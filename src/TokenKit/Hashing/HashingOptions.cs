using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using TokenKit.Hashing;

namespace TokenKit;

/// <summary>How many hashes are computed at once, and what waits.</summary>
public sealed class HashingOptions
{
    /// <summary>How many hashes may be computed at once, 1 to 1 024. Each takes the memory of <see cref="Parameters"/>.</summary>
    /// <value>Default: half the processors, at least one.</value>
    [Range(1, 1024)]
    public int MaximumConcurrency { get; set; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>What each hash costs. Stored hashes keep verifying when it is changed; new ones get the new cost, and weaker ones when they are used.</summary>
    /// <value>Default: <see cref="Argon2Parameters.Default"/>: 19 456 KiB, two passes, one lane. At most <see cref="Argon2Limits.Default"/>.</value>
    public Argon2Parameters Parameters { get; set; } = Argon2Parameters.Default;

    /// <summary>
    /// How many callers may wait for their turn, 0 to 100 000. Beyond it the answer is "unavailable". Subjects take turns, then the tokens of a
    /// subject. A subject may take at most as many places as are free besides, so that one cannot fill the queue for others.
    /// </summary>
    /// <value>Default: 256.</value>
    [Range(0, 100_000)]
    public int QueueLimit { get; set; } = 256;

    /// <summary>When callers may ask again after the answer "unavailable": 1 second to 1 hour, rounded up to whole seconds.</summary>
    /// <value>Default: 1 second.</value>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);
}

[OptionsValidator]
internal sealed partial class HashingOptionsValidator : IValidateOptions<HashingOptions>;
