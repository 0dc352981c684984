namespace TokenKit.StoreConformance;

/// <summary>A store did not do what a case expects of it.</summary>
public sealed class StoreCaseFailedException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What was expected, and what came instead.</param>
    public StoreCaseFailedException(string message)
        : base(message)
    {
    }
}
