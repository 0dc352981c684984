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

    /// <summary>
    /// How many streams one caller may have open at once on this node, at least 1; null for any number. A caller is a user, by whatever tokens
    /// and other credentials. One stream more is answered 429.
    /// </summary>
    /// <value>Default: 100.</value>
    public int? MaximumPerCaller { get; set; } = 100;

    internal bool IsValid => !(MaximumPerCaller < 1) && new[] { PollInterval, KeepAliveInterval, WriteTimeout }.All(static interval =>
        interval >= TimeSpan.FromMilliseconds(100) && interval <= TimeSpan.FromHours(1));
}
