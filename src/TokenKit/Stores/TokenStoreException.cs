namespace TokenKit;

/// <summary>A store could not be reached or could not do its work. Never thrown for a condition that callers must expect.</summary>
/// <remarks>Endpoint sets and the authentication handler answer 503 to it. Its message never holds a plaintext, secret or hash.</remarks>
public sealed class TokenStoreException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What the store was asked to do, and what went wrong.</param>
    /// <param name="innerException">The driver's own exception.</param>
    public TokenStoreException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>When to try again, where the store refused the work because too much waits. It has logged that itself, once for all calls.</summary>
    /// <value>Default: null, which means that the store has failed.</value>
    public TimeSpan? RetryAfter { get; init; }
}
