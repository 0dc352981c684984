namespace TokenKit.Stores;

/// <summary>Keeps tokens. A host implements it to keep them somewhere that TokenKit has no store for.</summary>
/// <remarks>
/// <para>
/// A store is a singleton and is called by many threads at once. It never reads a clock and knows no rules: each change decides by itself what
/// becomes of it, from rows that the store has locked. What callers must expect is returned as a value; a store that cannot do its work throws
/// <see cref="TokenStoreException"/>, never an empty answer.
/// </para>
/// <para>The cases of the store conformance suite are the specification of every method.</para>
/// </remarks>
public interface ITokenStore
{
    /// <summary>Reads the row of one token, with everything that was committed before the call began.</summary>
    /// <param name="id">The id of the token, in any realm.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The row, or <see langword="null"/> when there is none.</returns>
    /// <exception cref="TokenStoreException">The store could not be asked. That is never the same as "unknown".</exception>
    ValueTask<StoredToken?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Reads one page of the tokens that a query describes.</summary>
    /// <param name="query">What to list, in which order, and where to go on.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>At most <see cref="TokenQuery.Limit"/> rows. Rows that are added while a caller pages neither repeat nor hide others.</returns>
    /// <exception cref="TokenStoreException">The store could not be asked.</exception>
    ValueTask<TokenPage> ListAsync(TokenQuery query, CancellationToken cancellationToken);

    /// <summary>Counts the tokens of an owner that are not revoked, expired and suspended ones included.</summary>
    /// <param name="realm">The realm.</param>
    /// <param name="owner">Whose tokens.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="TokenStoreException">The store could not be asked.</exception>
    ValueTask<long> CountAsync(string realm, SubjectFilter owner, CancellationToken cancellationToken);

    /// <summary>Makes one change, in one transaction: all of it or nothing. <see cref="TokenChange"/> says in which steps.</summary>
    /// <param name="change">What to change. <see cref="TokenChange.Decide(LockedTokens)"/> decides what becomes of it.</param>
    /// <param name="cancellationToken">
    /// Gives up waiting. A change that was cancelled may have been made or not; repeating it with the same change id settles that.
    /// </param>
    /// <returns>What became of it. A change whose id was committed before is <see cref="CommitOutcome.Done"/> and changes nothing.</returns>
    /// <exception cref="TokenStoreException">The store failed; whether the change was made is unknown.</exception>
    ValueTask<CommitResult> CommitAsync(TokenChange change, CancellationToken cancellationToken);

    /// <summary>Makes one bounded change to many tokens. Repeating it is harmless.</summary>
    /// <param name="batch">What to change.</param>
    /// <param name="cancellationToken">Gives up waiting; the batch may have been made or not.</param>
    /// <returns>How many tokens were changed.</returns>
    /// <exception cref="TokenStoreException">The store failed; whether the batch was made is unknown.</exception>
    ValueTask<int> CommitBatchAsync(TokenBatch batch, CancellationToken cancellationToken);

    /// <summary>Tells whether the store can do its work, for the health of the host. Changes nothing.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Unless a store says more: usable, once it has looked for a token that nobody has.</returns>
    /// <exception cref="TokenStoreException">The store could not be asked.</exception>
    async ValueTask<StoreStatus> CheckAsync(CancellationToken cancellationToken)
    {
        await FindAsync(Guid.Empty, cancellationToken).ConfigureAwait(false);
        return new StoreStatus(IsUsable: true, "The store answers.");
    }
}
