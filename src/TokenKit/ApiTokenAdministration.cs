using TokenKit.Revoking;
using TokenKit.Stores;

namespace TokenKit;

/// <summary>What operators do with tokens, whoever owns them. One instance is among the services of the host.</summary>
/// <remarks>
/// It asks for no owner. Do not offer it to token owners: <see cref="ApiTokens"/> is for them. Every method throws
/// <see cref="TokenStoreException"/> when the store fails, and <see cref="ArgumentException"/> for a realm that the host did not add.
/// </remarks>
public sealed class ApiTokenAdministration
{
    private readonly TokenRevoker _revoker;
    private readonly ITokenStore _store;
    private readonly TimeProvider _time;

    internal ApiTokenAdministration(TokenRevoker revoker, ITokenStore store, TimeProvider time)
    {
        _revoker = revoker;
        _store = store;
        _time = time;
    }

    /// <summary>Revokes a token for ever, whoever owns it, as <see cref="ApiTokens.RevokeAsync(string, Guid, SubjectFilter, CancellationToken)"/> does.</summary>
    /// <param name="realm">The realm that it must be in.</param>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Gives up waiting; the token may have been revoked.</param>
    /// <returns>The token, with its first revocation when it was revoked before; null when there is none in that realm.</returns>
    public async Task<ApiToken?> RevokeAsync(string realm, Guid id, CancellationToken cancellationToken = default) =>
        await _revoker.RevokeAsync(new RevokeRequest(realm, id, SubjectFilter.Any), cancellationToken).ConfigureAwait(false) is RevokeResult.Revoked revoked
            ? revoked.Token
            : null;

    /// <summary>Removes tokens of all realms that were revoked, or expired, strictly before an instant, and change ids as old as that, but never those of the last hour.</summary>
    /// <param name="endedBefore">The instant.</param>
    /// <param name="cancellationToken">Gives up; some tokens may have been removed. Repeating the call is harmless.</param>
    /// <returns>How many tokens were removed.</returns>
    /// <remarks>It works in batches of 1 000, each a transaction of its own, so that nobody waits for more than one.</remarks>
    public async Task<long> PurgeAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken = default)
    {
        long total = 0;
        int removed;
        do
        {
            removed = await _store.CommitBatchAsync(new TokenBatch.Purge(_time, UnixMicroseconds.Truncate(endedBefore)), cancellationToken).ConfigureAwait(false);
            total += removed;
        }
        while (removed == TokenBatch.MaximumSize);

        return total;
    }
}
