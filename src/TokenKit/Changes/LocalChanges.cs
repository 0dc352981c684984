using Microsoft.Extensions.Logging;
using TokenKit.Diagnostics;

namespace TokenKit.Changes;

/// <summary>Tokens that this process has changed, or tried to.</summary>
/// <param name="Realm">The realm.</param>
/// <param name="Owner">Whose tokens are concerned.</param>
public readonly record struct LocalChange(string Realm, SubjectFilter Owner);

/// <summary>Tells those who watch tokens that this process changed some, so that it is time to look.</summary>
/// <remarks>
/// <para>
/// A message is a hint and no fact. It comes after each commit, also when the store failed and the outcome is unknown. None comes for changes
/// of other processes, nor for uses of tokens and renewed hashes. Poll as well, if you must not miss a change.
/// </para>
/// <para>It is a singleton among the services of the host.</para>
/// </remarks>
public sealed class LocalChanges
{
    private readonly Lock _subscribing = new();
    private readonly ILogger<ApiTokens> _logger;
    private Subscription[] _subscriptions = [];

    internal LocalChanges(ILogger<ApiTokens> logger) => _logger = logger;

    /// <summary>Subscribes to changes from now on.</summary>
    /// <param name="listener">
    /// Called on the thread of the change, before its caller gets the answer: return at once and leave the work to others. What it throws is
    /// logged.
    /// </param>
    /// <returns>Dispose of it to end the subscription.</returns>
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

    internal void Tell(LocalChange change)
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
