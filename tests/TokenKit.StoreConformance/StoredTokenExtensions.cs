using TokenKit.Stores;

namespace TokenKit.StoreConformance;

/// <summary>Alters rows.</summary>
public static class StoredTokenExtensions
{
    /// <summary>A row with another secret.</summary>
    /// <param name="row">The row.</param>
    /// <param name="alter">Alters what the row holds of its secret.</param>
    public static StoredToken WithSecret(this StoredToken row, Func<StoredSecret, StoredSecret> alter)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(alter);
        return row with { Secret = alter(row.Secret) };
    }
}
