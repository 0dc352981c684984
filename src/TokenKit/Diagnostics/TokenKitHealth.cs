using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TokenKit.Diagnostics;
using TokenKit.Hashing;
using TokenKit.Stores;

namespace TokenKit;

/// <summary>How TokenKit is, for load balancers and operators. One instance is among the services of the host.</summary>
public sealed class TokenKitHealth
{
    private readonly ITokenStore _store;
    private readonly HashingGate _gate;
    private readonly HashingOptions _hashing;
    private readonly ILogger<ApiTokens> _logger;

    internal TokenKitHealth(ITokenStore store, HashingGate gate, IOptions<HashingOptions> options, ILogger<ApiTokens> logger)
    {
        _store = store;
        _gate = gate;
        _hashing = options.Value;
        _logger = logger;
    }

    /// <summary>Asks the store and looks at the gate. It never throws for what it finds.</summary>
    /// <param name="cancellationToken">Gives up waiting for the store.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<TokenKitHealthReport> CheckAsync(CancellationToken cancellationToken = default)
    {
        StoreStatus status;
        bool isReachable = true;
        try
        {
            status = await _store.CheckAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (TokenStoreException exception)
        {
            // The exception of a driver may name a server or a login: it goes to the log, and not to whoever asks for the health.
            Log.StoreUnhealthy(_logger, exception);
            isReachable = false;
            status = new StoreStatus(IsUsable: false, "The store cannot be reached.");
        }

        (int running, int waiting) = _gate.Load;
        return new TokenKitHealthReport(isReachable, status, running, _hashing.MaximumConcurrency, waiting, _hashing.QueueLimit);
    }
}
