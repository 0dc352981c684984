using TokenKit.Changes;
using TokenKit.Format;
using TokenKit.Policy;
using TokenKit.Stores;
using TokenKit.Usage;

namespace TokenKit.Revoking;

/// <summary>Ends tokens: revokes one, revokes all of an owner, deletes.</summary>
internal sealed class TokenRevoker(RealmDirectory realms, ITokenStore store, TokenWriter writer, LastUsedTracker lastUsed, TimeProvider time)
{
    private DateTimeOffset Now => UnixMicroseconds.Truncate(time.GetUtcNow());

    public async Task<ApiToken?> RevokeAsync(RevokeRequest request, CancellationToken cancellationToken)
    {
        DateTimeOffset now = Now;
        var change = new TokenChange.Revoke(TokenId.Create(now), now, request.Id, realms.Get(request.Realm).Name, request.Owner, request.Actor);
        CommitResult result = await writer.CommitAsync(change, cancellationToken).ConfigureAwait(false);
        return result.Token is { } row ? lastUsed.Show(row) : null;
    }

    public async Task<int> RevokeAllAsync(RevokeAllRequest request, CancellationToken cancellationToken)
    {
        SubjectFilter owner = request.Owner ?? throw new ArgumentNullException(nameof(request), "Owner is null: say whose tokens are meant.");
        string realm = realms.Get(request.Realm).Name;

        // A rotation may have happened since the caller saw the token: its partner is read from the row.
        StoredToken? spared = request.Spared is null ? null : await store.FindAsync(request.Spared.Id, cancellationToken).ConfigureAwait(false);
        Guid[] sparedIds = [.. new[] { spared?.Id, spared?.PredecessorId, spared?.SuccessorId }.OfType<Guid>()];
        int total = 0;
        int revoked;
        do
        {
            revoked = await writer.CommitBatchAsync(new TokenBatch.RevokeWhere(Now, realm, owner, sparedIds), cancellationToken).ConfigureAwait(false);
            total += revoked;
        }
        while (revoked == TokenBatch.MaximumSize);

        writer.ReportRevokedAll(total, realm);
        return total;
    }

    public async Task<bool> DeleteAsync(DeleteRequest request, CancellationToken cancellationToken)
    {
        DateTimeOffset now = Now;
        var change = new TokenChange.Delete(TokenId.Create(now), now, request.Id, realms.Get(request.Realm).Name, request.Owner, request.Actor);
        CommitResult result = await writer.CommitAsync(change, cancellationToken).ConfigureAwait(false);
        return result.Outcome == CommitOutcome.Done;
    }
}
