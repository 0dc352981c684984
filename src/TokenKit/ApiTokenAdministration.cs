using TokenKit.Policy;
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
    private readonly RealmDirectory _realms;
    private readonly TokenRevoker _revoker;
    private readonly ITokenStore _store;
    private readonly TimeProvider _time;

    internal ApiTokenAdministration(RealmDirectory realms, TokenRevoker revoker, ITokenStore store, TimeProvider time)
    {
        _realms = realms;
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

    /// <summary>
    /// Erases the recoverable copies of all tokens of a realm, whoever owns them: after <see cref="RealmOptions.KeepRecoverableCopies"/> was
    /// switched off, on every node. The tokens stay as they are otherwise.
    /// </summary>
    /// <param name="realm">The realm.</param>
    /// <param name="cancellationToken">Gives up; some copies may have been erased. Repeating the call is harmless.</param>
    /// <returns>How many copies were erased.</returns>
    /// <remarks>
    /// It works in batches of 1 000, so that nobody waits for more than one. Backups of the database still hold the copies, and so may the files
    /// of the database for a while.
    /// </remarks>
    public async Task<long> EraseRecoverableCopiesAsync(string realm, CancellationToken cancellationToken = default)
    {
        var query = new TokenQuery(_realms.Get(realm).Name, SubjectFilter.Any) { IncludeRevoked = true, Limit = TokenQuery.MaximumLimit };
        long erased = 0;
        await foreach (Guid[] ids in _store.ReadAllAsync(query, cancellationToken)
            .Where(static row => row.Secret.RecoverableCopy is not null)
            .Select(static row => row.Id)
            .Chunk(TokenBatch.MaximumSize)
            .ConfigureAwait(false))
        {
            erased += await _store.CommitBatchAsync(new TokenBatch.EraseCopies(ids), cancellationToken).ConfigureAwait(false);
        }

        return erased;
    }

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
