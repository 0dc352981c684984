using Microsoft.Extensions.Logging;
using TokenKit.Diagnostics;
using TokenKit.Stores;

namespace TokenKit.Changes;

/// <summary>Commits every change of this process to tokens: mark, store, mark, tell, log. Last uses and purges are no changes.</summary>
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

        if (result.Outcome == CommitOutcome.Done && change.Target is { } id)
        {
            Report(change, id);
        }

        return result;
    }

    /// <summary>Logs that all tokens of an owner were revoked, in however many changes.</summary>
    public void ReportRevokedAll(int count, string realm) => Log.RevokedAll(logger, count, realm);

    private void Mark(TokenChange change)
    {
        if (change.Target is { } id)
        {
            marks.Set(id);
        }
        else
        {
            marks.Set(change.Realm, change.Owner);
        }
    }

    private void Report(TokenChange change, Guid id)
    {
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
