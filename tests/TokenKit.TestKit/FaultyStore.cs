using TokenKit.Stores;

namespace TokenKit.TestKit;

/// <summary>A real store that a test can make fail, or watch.</summary>
/// <param name="store">The real one; a new one in memory when null.</param>
public sealed class FaultyStore(ITokenStore? store = null) : ITokenStore
{
    private int _finds;
    private int _lists;

    public bool IsDown { get; set; }

    /// <summary>Whether it gives up without being told to, as a driver does whose command takes too long.</summary>
    public bool GivesUp { get; set; }

    /// <summary>Whether it takes no changes.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>What it says of itself while it can be reached.</summary>
    public StoreStatus Status { get; set; } = new(IsUsable: true, "The store answers.");

    /// <summary>How often it was asked for one row.</summary>
    public int Finds => Volatile.Read(ref _finds);

    /// <summary>How often it was asked for a list.</summary>
    public int Lists => Volatile.Read(ref _lists);

    /// <summary>Runs before each read of one row.</summary>
    public Action? BeforeFind { get; set; }

    /// <summary>Runs before each read of a list, with its query.</summary>
    public Func<TokenQuery, Task>? BeforeList { get; set; }

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

    public ITokenStore Inner { get; } = store ?? new InMemoryTokenStore();

    public ValueTask<StoredToken?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _finds);
        BeforeFind?.Invoke();
        ThrowIfDown();
        return BeforeAnswer is null ? Inner.FindAsync(id, cancellationToken) : FindAndWaitAsync(BeforeAnswer, id, cancellationToken);
    }

    public async ValueTask<TokenPage> ListAsync(TokenQuery query, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _lists);
        await (BeforeList?.Invoke(query).WaitAsync(cancellationToken) ?? Task.CompletedTask);
        ThrowIfDown();
        return await Inner.ListAsync(query, cancellationToken);
    }

    public ValueTask<long> CountAsync(string realm, SubjectFilter owner, CancellationToken cancellationToken)
    {
        ThrowIfDown();
        return Inner.CountAsync(realm, owner, cancellationToken);
    }

    public async ValueTask<StoreStatus> CheckAsync(CancellationToken cancellationToken)
    {
        await FindAsync(Guid.Empty, cancellationToken);
        return Status;
    }

    public ValueTask<CommitResult> CommitAsync(TokenChange change, CancellationToken cancellationToken)
    {
        BeforeCommit?.Invoke();
        return WriteAsync(() => Inner.CommitAsync(change, cancellationToken));
    }

    public async ValueTask<int> CommitBatchAsync(TokenBatch batch, CancellationToken cancellationToken)
    {
        int changed = await WriteAsync(() =>
        {
            BeforeBatch?.Invoke(batch);
            return Inner.CommitBatchAsync(batch, cancellationToken);
        });
        AfterBatch?.Invoke();
        return changed;
    }

    private async ValueTask<StoredToken?> FindAndWaitAsync(Func<Task> wait, Guid id, CancellationToken cancellationToken)
    {
        StoredToken? row = await Inner.FindAsync(id, cancellationToken);
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

        if (GivesUp)
        {
            throw new OperationCanceledException("The store gave up.");
        }

        if (IsReadOnly && isChange)
        {
            throw new TokenStoreException("The store is read-only.");
        }
    }
}
