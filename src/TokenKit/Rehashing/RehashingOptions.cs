using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace TokenKit;

/// <summary>How rows are renewed, off the request path: those of tokens in use whose hash is weaker than new ones, or that another key made.</summary>
public sealed class RehashingOptions
{
    /// <summary>How many rows a second may be renewed, 0 to 1 000; 0 for none.</summary>
    /// <value>Default: 5.</value>
    [Range(0, 1000)]
    public int RowsPerSecond { get; set; } = 5;

    /// <summary>How many tokens may wait to have their row renewed, 1 to 100 000. One more is counted and waits for its next use.</summary>
    /// <value>Default: 1 000.</value>
    [Range(1, 100_000)]
    public int QueueLimit { get; set; } = 1000;
}

[OptionsValidator]
internal sealed partial class RehashingOptionsValidator : IValidateOptions<RehashingOptions>;
