using TokenKit.Stores;

namespace TokenKit.Tests.Hosting;

/// <summary>A real store that a test can make fail, or watch.</summary>
internal sealed class FaultyStore(ITokenStore store) : ITokenStore
{
    private int _finds;

    public bool IsDown { get; set; }

    public int Finds => Volatile.Read(ref _finds);

    /// <summary>Runs before each read of one row.</summary>
    public Action? BeforeFind { get; set; }

    /// <summary>Runs after each batch.</summary>
    public Action? AfterBatch { get; set; }

    public ITokenStore Inner => store;

    public ValueTask<StoredToken?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _finds);
        BeforeFind?.Invoke();
        ThrowIfDown();
        return store.FindAsync(id, cancellationToken);
    }

    public ValueTask<TokenPage> ListAsync(TokenQuery query, CancellationToken cancellationToken)
    {
        ThrowIfDown();
        return store.ListAsync(query, cancellationToken);
    }

    public ValueTask<CommitResult> CommitAsync(TokenChange change, CancellationToken cancellationToken)
    {
        ThrowIfDown();
        return store.CommitAsync(change, cancellationToken);
    }

    public async ValueTask<int> CommitBatchAsync(TokenBatch batch, CancellationToken cancellationToken)
    {
        ThrowIfDown();
        int changed = await store.CommitBatchAsync(batch, cancellationToken);
        AfterBatch?.Invoke();
        return changed;
    }

    private void ThrowIfDown()
    {
        if (IsDown)
        {
            throw new TokenStoreException("The store is down.");
        }
    }
}
