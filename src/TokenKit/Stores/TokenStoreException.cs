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
}
