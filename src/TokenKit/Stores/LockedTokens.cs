namespace TokenKit.Stores;

/// <summary>What a store has locked and read for a change, in the transaction that makes it.</summary>
/// <param name="Tokens">The rows that are there, of those that the change locks; in any order, each once.</param>
/// <param name="Living">How many living tokens <see cref="TokenChange.Limit"/> counts; null for a change without a limit.</param>
public sealed record LockedTokens(IReadOnlyList<StoredToken> Tokens, long? Living = null)
{
    /// <summary>A row by its id; null when it is not there.</summary>
    internal StoredToken? Find(Guid? id)
    {
        foreach (StoredToken token in Tokens)
        {
            if (token.Id == id)
            {
                return token;
            }
        }

        return null;
    }
}
