using TokenKit.Changes;
using TokenKit.Format;
using TokenKit.Policy;
using TokenKit.Stores;

namespace TokenKit.Issuing;

/// <summary>The one path on which tokens come into being.</summary>
internal sealed class TokenIssuer(RealmDirectory realms, ITokenStore store, TokenWriter writer, SecretFactory secrets, TimeProvider time)
{
    public async Task<IssueResult> IssueAsync(IssueRequest request, CancellationToken cancellationToken)
    {
        Realm realm = realms.Get(request.Realm);
        KindPolicy policy = realm.KindOrDefault(request.Kind);
        StorableText.ThrowIfNot(request.Subject ?? throw new ArgumentException("Subject is null: empty means nobody.", nameof(request)), ApiToken.MaximumSubjectLength, nameof(request.Subject));
        RequestRule.ThrowIfNotWireData(request.WireData);

        // What is refused anyway need not be hashed. Whether the actor may is decided with the change.
        DateTimeOffset now = UnixMicroseconds.Truncate(time.GetUtcNow());
        ExpiryRule.Decision expiry = ExpiryRule.Decide(request.Expiry, policy, now, now);
        RejectionReason? problem =
            ActorRule.ProblemOf(request.Actor, request.Actor.Token, realm.Name, target: null, now)
            ?? PowerRule.ProblemOfScopes(request.Scopes, request.Actor.Token)
            ?? RequestRule.ProblemOfName(request.Name, policy)
            ?? expiry.Problem;
        if (problem is not null)
        {
            return new IssueResult.Rejected(problem.Value);
        }

        Guid id = TokenId.Create(now);
        if (await secrets.TryCreateAsync(realm, policy, request.Subject, id, request.Actor, cancellationToken).ConfigureAwait(false) is not { } secret)
        {
            return new IssueResult.Unavailable(secrets.RetryAfter);
        }

        var row = new StoredToken
        {
            Id = id,
            Realm = realm.Name,
            Kind = policy.Kind,
            Subject = request.Subject,
            Name = request.Name,
            NameKey = policy.UniqueNames ? NameKey.For(realm.Name, request.Subject, request.Name) : null,
            Scopes = (request.Scopes ?? policy.IssuedScopes).ToString(),
            Secret = secret.Stored,
            CreatedAt = now,
            UpdatedAt = now,
            ExpiresAt = expiry.ExpiresAt,
            SuspendedAt = request.Suspended ? now : null,
            IssuedBy = request.Actor.Token?.Id,
            Actor = request.Actor.Name,
            WireData = request.WireData,
        };
        var change = new TokenChange.Issue(time, row, request.Actor)
        {
            LeavesOutScopes = request.Scopes is null,
            LivingTokenLimit = policy.MaximumLivingTokens,
        };
        CommitResult result = await writer.CommitAsync(change, cancellationToken).ConfigureAwait(false);
        if (result.Outcome == CommitOutcome.Duplicate)
        {
            result = new CommitResult(CommitOutcome.Done, await FindOwnAsync(row, cancellationToken).ConfigureAwait(false));
        }

        if (result.Outcome != CommitOutcome.Done)
        {
            return new IssueResult.Rejected(RequestRule.ReasonOf(result));
        }

        // Compared, because a store that had to repeat the change cannot tell.
        StoredToken stored = result.Token ?? row;
        return new IssueResult.Issued(ApiToken.From(stored), secrets.Reveal(row, secret), stored.ExpiresAt != row.ExpiresAt);
    }

    // A store that made the change and lost its answer may have forgotten it before it tried again. Another token cannot have the same hash.
    private async Task<StoredToken> FindOwnAsync(StoredToken row, CancellationToken cancellationToken) =>
        await store.FindAsync(row.Id, cancellationToken).ConfigureAwait(false) is { } own && string.Equals(own.Secret.Hash, row.Secret.Hash, StringComparison.Ordinal)
            ? own
            : throw new TokenStoreException("The store says that another token has the id that was drawn for a new one.");
}
