using TokenKit.Stores;

namespace TokenKit.Tests.Stores;

/// <summary>A store in memory of which single answers are replaced.</summary>
internal sealed class AlteredStore : ITokenStore
{
    private readonly InMemoryTokenStore _inner = new();

    public Func<InMemoryTokenStore, Guid, CancellationToken, Task<StoredToken?>> Find { get; init; } =
        async (inner, id, cancellationToken) => await inner.FindAsync(id, cancellationToken);

    public Func<InMemoryTokenStore, TokenQuery, CancellationToken, Task<TokenPage>> List { get; init; } =
        async (inner, query, cancellationToken) => await inner.ListAsync(query, cancellationToken);

    public Func<InMemoryTokenStore, TokenChange, CancellationToken, Task<CommitResult>> Commit { get; init; } =
        async (inner, change, cancellationToken) => await inner.CommitAsync(change, cancellationToken);

    public Func<InMemoryTokenStore, TokenBatch, CancellationToken, Task<int>> CommitBatch { get; init; } =
        async (inner, batch, cancellationToken) => await inner.CommitBatchAsync(batch, cancellationToken);

    /// <summary>A store that keeps rows otherwise than they were given.</summary>
    public static AlteredStore Keeping(Func<StoredToken, StoredToken> keep) => new()
    {
        Find = async (inner, id, cancellationToken) => await inner.FindAsync(id, cancellationToken) is StoredToken row ? keep(row) : null,
    };

    public async ValueTask<StoredToken?> FindAsync(Guid id, CancellationToken cancellationToken) => await Find(_inner, id, cancellationToken);

    public async ValueTask<TokenPage> ListAsync(TokenQuery query, CancellationToken cancellationToken) => await List(_inner, query, cancellationToken);

    public async ValueTask<CommitResult> CommitAsync(TokenChange change, CancellationToken cancellationToken) => await Commit(_inner, change, cancellationToken);

    public async ValueTask<int> CommitBatchAsync(TokenBatch batch, CancellationToken cancellationToken) => await CommitBatch(_inner, batch, cancellationToken);
}
