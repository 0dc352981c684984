using TokenKit.Stores;

namespace TokenKit.AspNetCore.Tests.Hosting;

/// <summary>A store in memory that can be out of reach.</summary>
internal sealed class SwitchableStore : ITokenStore
{
    private readonly InMemoryTokenStore _inner = new();
    private int _lists;

    public bool IsDown { get; set; }

    /// <summary>Whether it gives up by itself, as a driver may whose command takes too long: nobody told it to.</summary>
    public bool GivesUp { get; set; }

    /// <summary>What it says of itself while it can be reached.</summary>
    public StoreStatus Status { get; set; } = new(IsUsable: true, "The store answers.");

    /// <summary>How often it was asked for a list.</summary>
    public int Lists => Volatile.Read(ref _lists);

    private InMemoryTokenStore Reached =>
        IsDown ? throw new TokenStoreException("The store is down.")
        : GivesUp ? throw new OperationCanceledException("The store gave up.")
        : _inner;

    public ValueTask<StoredToken?> FindAsync(Guid id, CancellationToken cancellationToken) => Reached.FindAsync(id, cancellationToken);

    public ValueTask<TokenPage> ListAsync(TokenQuery query, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _lists);
        return Reached.ListAsync(query, cancellationToken);
    }

    public async ValueTask<StoreStatus> CheckAsync(CancellationToken cancellationToken)
    {
        await FindAsync(Guid.Empty, cancellationToken);
        return Status;
    }

    public ValueTask<CommitResult> CommitAsync(TokenChange change, CancellationToken cancellationToken) => Reached.CommitAsync(change, cancellationToken);

    public ValueTask<int> CommitBatchAsync(TokenBatch batch, CancellationToken cancellationToken) => Reached.CommitBatchAsync(batch, cancellationToken);
}
