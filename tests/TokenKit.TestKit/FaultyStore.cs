using TokenKit.Stores;

namespace TokenKit.TestKit;

/// <summary>A real store that a test can make fail, or watch.</summary>
public sealed class FaultyStore(ITokenStore store) : ITokenStore
{
    private int _finds;

    public bool IsDown { get; set; }

    /// <summary>Whether it takes no changes.</summary>
    public bool IsReadOnly { get; set; }

    public int Finds => Volatile.Read(ref _finds);

    /// <summary>Runs before each read of one row.</summary>
    public Action? BeforeFind { get; set; }

    /// <summary>Runs between each read of one row and its answer, which holds what the row was before.</summary>
    public Func<Task>? BeforeAnswer { get; set; }

    /// <summary>Runs before each change and each batch.</summary>
    public Func<Task>? BeforeWrite { get; set; }

    /// <summary>Runs after each change and each batch was made, before its answer.</summary>
    public Func<Task>? AfterWrite { get; set; }

    /// <summary>Runs before each batch, with it.</summary>
    public Action<TokenBatch>? BeforeBatch { get; set; }

    /// <summary>Runs before each change.</summary>
    public Action? BeforeCommit { get; set; }

    /// <summary>Runs after each batch.</summary>
    public Action? AfterBatch { get; set; }

    public ITokenStore Inner => store;

    public ValueTask<StoredToken?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _finds);
        BeforeFind?.Invoke();
        ThrowIfDown();
        return BeforeAnswer is null ? store.FindAsync(id, cancellationToken) : FindAndWaitAsync(BeforeAnswer, id, cancellationToken);
    }

    public ValueTask<TokenPage> ListAsync(TokenQuery query, CancellationToken cancellationToken)
    {
        ThrowIfDown();
        return store.ListAsync(query, cancellationToken);
    }

    public ValueTask<CommitResult> CommitAsync(TokenChange change, CancellationToken cancellationToken)
    {
        BeforeCommit?.Invoke();
        return WriteAsync(() => store.CommitAsync(change, cancellationToken));
    }

    public async ValueTask<int> CommitBatchAsync(TokenBatch batch, CancellationToken cancellationToken)
    {
        int changed = await WriteAsync(() =>
        {
            BeforeBatch?.Invoke(batch);
            return store.CommitBatchAsync(batch, cancellationToken);
        });
        AfterBatch?.Invoke();
        return changed;
    }

    private async ValueTask<StoredToken?> FindAndWaitAsync(Func<Task> wait, Guid id, CancellationToken cancellationToken)
    {
        StoredToken? row = await store.FindAsync(id, cancellationToken);
        await wait().WaitAsync(cancellationToken);
        return row;
    }

    private async ValueTask<T> WriteAsync<T>(Func<ValueTask<T>> write)
    {
        ThrowIfDown(isChange: true);
        await (BeforeWrite?.Invoke() ?? Task.CompletedTask);
        T result = await write();
        await (AfterWrite?.Invoke() ?? Task.CompletedTask);
        return result;
    }

    private void ThrowIfDown(bool isChange = false)
    {
        if (IsDown)
        {
            throw new TokenStoreException("The store is down.");
        }

        if (IsReadOnly && isChange)
        {
            throw new TokenStoreException("The store is read-only.");
        }
    }
}
