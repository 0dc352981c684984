using System.Diagnostics;
using Microsoft.Extensions.Logging;
using TokenKit.Diagnostics;
using TokenKit.Stores;

namespace TokenKit.Changes;

/// <summary>Tokens that this process has changed, or tried to.</summary>
/// <param name="Realm">The realm.</param>
/// <param name="Owner">Whose tokens are concerned.</param>
public readonly record struct LocalChange(string Realm, SubjectFilter Owner);

/// <summary>Commits what this process changes, and tells those who watch tokens that it is time to look.</summary>
/// <remarks>
/// <para>
/// What it tells is a hint and no fact. It comes after each commit, also when the store failed and nobody knows whether the change was made.
/// It does not come for what other processes change, nor for uses of tokens and hashes that are renewed behind them: who must not miss a
/// change polls besides.
/// </para>
/// <para>It is a singleton among the services of the host.</para>
/// </remarks>
public sealed class LocalChanges
{
    private readonly Lock _subscribing = new();
    private readonly ITokenStore _store;
    private readonly ChangeMarks _generations;
    private readonly ILogger<ApiTokens> _logger;
    private Subscription[] _subscriptions = [];

    internal LocalChanges(ITokenStore store, ChangeMarks generations, ILogger<ApiTokens> logger)
    {
        _store = store;
        _generations = generations;
        _logger = logger;
    }

    /// <summary>Asks to be told from now on.</summary>
    /// <param name="listener">
    /// Called on the thread of the change, before whoever made it gets the answer: it returns at once and leaves the work to others. What it
    /// throws is logged.
    /// </param>
    /// <returns>Dispose of it to be told no longer.</returns>
    public IDisposable Subscribe(Action<LocalChange> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        var subscription = new Subscription(this, listener);
        lock (_subscribing)
        {
            _subscriptions = [.. _subscriptions, subscription];
        }

        return subscription;
    }

    internal async ValueTask<CommitResult> CommitAsync(TokenChange change, CancellationToken cancellationToken)
    {
        (Guid id, LocalChange told) = change switch
        {
            TokenChange.Issue { Token: var token } => (token.Id, new LocalChange(token.Realm, SubjectFilter.For(token.Subject))),
            TokenChange.Existing existing => (existing.Id, new LocalChange(existing.Realm, existing.Owner)),
            _ => throw new UnreachableException(),
        };
        _generations.Advance(id);
        try
        {
            return await _store.CommitAsync(change, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _generations.Advance(id);
            if (change is not TokenChange.Rehash)
            {
                Tell(told);
            }
        }
    }

    internal async ValueTask<int> CommitBatchAsync(TokenBatch.RevokeWhere batch, CancellationToken cancellationToken)
    {
        _generations.Advance(batch.Realm, batch.Subject);
        try
        {
            return await _store.CommitBatchAsync(batch, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _generations.Advance(batch.Realm, batch.Subject);
            Tell(new(batch.Realm, batch.Subject));
        }
    }

    private void Tell(LocalChange change)
    {
        foreach (Subscription subscription in Volatile.Read(ref _subscriptions))
        {
            try
            {
                subscription.Listener(change);
            }
#pragma warning disable CA1031 // A listener's failure must not hide from the caller what became of the change.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.ListenerFailed(_logger, exception, change.Realm);
            }
        }
    }

    private sealed class Subscription(LocalChanges changes, Action<LocalChange> listener) : IDisposable
    {
        public Action<LocalChange> Listener { get; } = listener;

        public void Dispose()
        {
            lock (changes._subscribing)
            {
                changes._subscriptions = [.. changes._subscriptions.Where(other => other != this)];
            }
        }
    }
}
