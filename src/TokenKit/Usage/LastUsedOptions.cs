using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace TokenKit;

/// <summary>How the last use of tokens is written down.</summary>
public sealed class LastUsedOptions
{
    /// <summary>Whether it is written down at all.</summary>
    /// <value>Default: true.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// How often the uses of that time are written, 1 second to 1 day: a token costs at most one write per window. Of uses within one second
    /// the first counts.
    /// </summary>
    /// <value>Default: 1 minute.</value>
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many tokens may wait to be written, 1 to 10 000 000. Uses of more tokens in one window are dropped and counted.</summary>
    /// <value>Default: 100 000.</value>
    [Range(1, 10_000_000)]
    public int BufferLimit { get; set; } = 100_000;
}

[OptionsValidator]
internal sealed partial class LastUsedOptionsValidator : IValidateOptions<LastUsedOptions>;
