using Microsoft.Extensions.Logging;
using TokenKit.Diagnostics;
using TokenKit.Stores;

namespace TokenKit.Changes;

/// <summary>Commits every change of this process: mark, store, mark, tell, log.</summary>
/// <remarks>The marks are set also when the store fails, because the change may have been made.</remarks>
internal sealed class TokenWriter(ITokenStore store, ChangeMarks marks, LocalChanges changes, ILogger<ApiTokens> logger)
{
    public async ValueTask<CommitResult> CommitAsync(TokenChange change, CancellationToken cancellationToken)
    {
        Mark(change);
        CommitResult result;
        try
        {
            result = await store.CommitAsync(change, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Mark(change);
            if (change is not TokenChange.Rehash)
            {
                changes.Tell(new LocalChange(change.Realm, change.Owner));
            }
        }

        if (result.Outcome == CommitOutcome.Done)
        {
            Report(change);
        }

        return result;
    }

    /// <summary>Revokes tokens of an owner.</summary>
    /// <returns>How many tokens were revoked.</returns>
    public async ValueTask<int> CommitBatchAsync(TokenBatch.RevokeWhere batch, CancellationToken cancellationToken)
    {
        marks.Set(batch.Realm, batch.Subject);
        try
        {
            return await store.CommitBatchAsync(batch, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            marks.Set(batch.Realm, batch.Subject);
            changes.Tell(new LocalChange(batch.Realm, batch.Subject));
        }
    }

    /// <summary>Logs that all tokens of an owner were revoked, in however many batches.</summary>
    public void ReportRevokedAll(int count, string realm) => Log.RevokedAll(logger, count, realm);

    private void Mark(TokenChange change)
    {
        foreach (Guid id in change.Ids)
        {
            marks.Set(id);
        }
    }

    private void Report(TokenChange change)
    {
        Guid id = change.Ids[0];
        switch (change)
        {
            case TokenChange.Issue issue:
                Log.Issued(logger, id, issue.Token.Kind, change.Realm);
                break;
            case TokenChange.Update update:
                Log.Updated(logger, id, change.Realm);
                if (update.Secret is not null)
                {
                    Log.SecretReplaced(logger, id, change.Realm);
                }

                break;
            case TokenChange.Revoke:
                Log.Revoked(logger, id, change.Realm);
                break;
            case TokenChange.Delete:
                Log.Deleted(logger, id, change.Realm);
                break;
            case TokenChange.Rehash:
                Log.Rehashed(logger, id, change.Realm);
                break;
        }
    }
}
