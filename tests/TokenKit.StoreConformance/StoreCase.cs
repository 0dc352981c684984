using System.Runtime.CompilerServices;

namespace TokenKit.StoreConformance;

/// <summary>One thing that every store must do.</summary>
/// <param name="Name">What is expected, as <c>Subject_Condition_Outcome</c>; unique in the suite.</param>
/// <param name="Run">Does it, and throws <see cref="StoreCaseFailedException"/> when the store does something else.</param>
public sealed record StoreCase(string Name, Func<IStoreFixture, Task> Run)
{
    /// <summary>The name.</summary>
    public override string ToString() => Name;

    /// <summary>A case with the name of its method.</summary>
    internal static StoreCase Of(Func<IStoreFixture, Task> run, [CallerArgumentExpression(nameof(run))] string name = "") => new(name, run);
}
