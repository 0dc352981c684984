namespace TokenKit.Stores;

/// <summary>The answer to <see cref="ITokenStore.CheckAsync"/>.</summary>
/// <param name="IsUsable">Whether the store can do its work.</param>
/// <param name="Description">What is the matter, for the person who runs the host. It holds nothing that is stored.</param>
/// <param name="SchemaVersion">The version of the schema that was found; null for a store without one.</param>
public sealed record StoreStatus(bool IsUsable, string Description, int? SchemaVersion = null)
{
    /// <summary>Whether an operator should look at a store that is usable: it does its work, but not as it should stay.</summary>
    /// <value>Default: <see langword="false"/>. The health check then says Degraded. It has no meaning where <see cref="IsUsable"/> is false.</value>
    public bool IsDegraded { get; init; }
}
