using TokenKit.Changes;
using TokenKit.Format;
using TokenKit.Policy;
using TokenKit.Stores;

namespace TokenKit.Issuing;

/// <summary>The one path on which tokens come into being.</summary>
internal sealed class TokenIssuer(
    RealmDirectory realms,
    ITokenStore store,
    TokenWriter writer,
    SecretFactory secrets,
    TimeProvider time)
{
    public async Task<IssueResult> IssueAsync(IssueRequest request, CancellationToken cancellationToken)
    {
        Realm realm = realms.Get(request.Realm);
        KindPolicy policy = realm.KindOrDefault(request.Kind);
        StorableText.ThrowIfNot(request.Subject ?? throw new ArgumentException("Subject is null: empty means nobody.", nameof(request)), ApiToken.MaximumSubjectLength, nameof(request.Subject));
        RequestRule.ThrowIfNotWireData(request.WireData);

        DateTimeOffset now = UnixMicroseconds.Truncate(time.GetUtcNow());
        ExpiryRule.Decision expiry = ExpiryRule.Decide(request.Expiry, policy, now, now, request.Actor.Token);
        ScopeSet? scopes = ScopeRule.Decide(request.Scopes, policy, request.Actor.Token);
        RejectionReason? problem =
            RequestRule.ProblemOfActor(request.Actor, realm, target: null, now)
            ?? (scopes is null ? (RejectionReason?)RejectionReason.ScopesExceedIssuer : null)
            ?? RequestRule.ProblemOfName(request.Name, policy)
            ?? expiry.Problem;
        if (problem is not null)
        {
            return new IssueResult.Rejected(problem.Value);
        }

        Guid id = TokenId.Create(now);
        if (await secrets.TryCreateAsync(realm, policy, request.Subject, id, cancellationToken).ConfigureAwait(false) is not { } secret)
        {
            return new IssueResult.Unavailable(secrets.RetryAfter);
        }

        if (await RequestRule.ProblemOfActorNowAsync(request.Actor, realm, target: null, store, time, cancellationToken).ConfigureAwait(false) is { } lost)
        {
            return new IssueResult.Rejected(lost);
        }

        var row = new StoredToken
        {
            Id = id,
            Realm = realm.Name,
            Kind = policy.Kind,
            Subject = request.Subject,
            Name = request.Name,
            NameKey = policy.UniqueNames ? NameKey.For(realm.Name, request.Subject, request.Name) : null,
            Scopes = scopes!.ToString(),
            Secret = secret.Stored,
            CreatedAt = now,
            UpdatedAt = now,
            ExpiresAt = expiry.ExpiresAt,
            SuspendedAt = request.Suspended ? now : null,
            IssuedBy = request.Actor.Token?.Id,
            Actor = request.Actor.Name,
            WireData = request.WireData,
        };
        CommitResult result = await writer.CommitAsync(
            new TokenChange.Issue(TokenId.Create(now), now, row, policy.MaximumLivingTokens, request.Actor), cancellationToken).ConfigureAwait(false);
        switch (result)
        {
            case { Outcome: CommitOutcome.Done }:
                return new IssueResult.Issued(ApiToken.From(result.Token ?? row), secrets.Reveal(row, secret), expiry.Clamped);
            case { Outcome: CommitOutcome.NameTaken }:
                return new IssueResult.Rejected(RejectionReason.NameTaken);
            case { Outcome: CommitOutcome.CapReached }:
                return new IssueResult.Rejected(RejectionReason.CapReached);
            default:
                throw new InvalidOperationException($"The store answered {result.Outcome} to the issue of a new token.");
        }
    }
}
