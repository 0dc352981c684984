using TokenKit.Changes;
using TokenKit.Policy;
using TokenKit.Stores;
using TokenKit.Usage;

namespace TokenKit.Revoking;

/// <summary>Ends single tokens: revokes, deletes.</summary>
internal sealed class TokenRevoker(RealmDirectory realms, TokenWriter writer, LastUsedTracker lastUsed, TimeProvider time)
{
    public async Task<RevokeResult> RevokeAsync(RevokeRequest request, CancellationToken cancellationToken)
    {
        var change = new TokenChange.Revoke(time, request.Id, realms.Get(request.Realm).Name, request.Owner, request.Actor);
        CommitResult result = await writer.CommitAsync(change, cancellationToken).ConfigureAwait(false);
        return result switch
        {
            { Outcome: CommitOutcome.Done, Token: { } row } => new RevokeResult.Revoked(lastUsed.Show(row)),
            { Outcome: CommitOutcome.Done or CommitOutcome.NotFound } => new RevokeResult.NotFound(),
            _ => new RevokeResult.Rejected(RequestRule.ReasonOf(result)),
        };
    }

    public async Task<DeleteResult> DeleteAsync(DeleteRequest request, CancellationToken cancellationToken)
    {
        var change = new TokenChange.Delete(time, request.Id, realms.Get(request.Realm).Name, request.Owner, request.Actor);
        CommitResult result = await writer.CommitAsync(change, cancellationToken).ConfigureAwait(false);
        return result.Outcome switch
        {
            CommitOutcome.Done => new DeleteResult.Deleted(),
            CommitOutcome.NotFound => new DeleteResult.NotFound(),
            _ => new DeleteResult.Rejected(RequestRule.ReasonOf(result)),
        };
    }
}
