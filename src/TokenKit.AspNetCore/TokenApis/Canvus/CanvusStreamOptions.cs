namespace TokenKit;

/// <summary>The streams of one token API of Canvus: what <c>?subscribe</c> opens.</summary>
public sealed class CanvusStreamOptions
{
    /// <summary>
    /// How often the store is asked for what other processes changed, 100 milliseconds to 1 hour: of those users only whose tokens are being
    /// watched. It is also how often the rights of each stream's caller are checked. What this process changes is shown at once.
    /// </summary>
    /// <value>Default: 2 seconds.</value>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>After how much silence a stream sends an empty line, 100 milliseconds to 1 hour.</summary>
    /// <value>Default: 15 seconds, as the product does.</value>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a reader may take to make room for a line before its stream is dropped, 100 milliseconds to 1 hour.</summary>
    /// <value>Default: 10 seconds.</value>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(10);

    internal bool IsValid => new[] { PollInterval, KeepAliveInterval, WriteTimeout }.All(static interval =>
        interval >= TimeSpan.FromMilliseconds(100) && interval <= TimeSpan.FromHours(1));
}
