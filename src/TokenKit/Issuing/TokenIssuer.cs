using Microsoft.Extensions.Logging;
using TokenKit.Changes;
using TokenKit.Diagnostics;
using TokenKit.Format;
using TokenKit.Policy;
using TokenKit.Stores;

namespace TokenKit.Issuing;

/// <summary>The one path on which tokens come into being.</summary>
internal sealed class TokenIssuer(
    RealmDirectory realms,
    ITokenStore store,
    LocalChanges changes,
    SecretFactory secrets,
    TimeProvider time,
    ILogger<ApiTokens> logger)
{
    public async Task<IssueResult> IssueAsync(IssueRequest request, CancellationToken cancellationToken)
    {
        Realm realm = realms.Get(request.Realm);
        KindPolicy policy = realm.KindOrDefault(request.Kind);
        StorableText.ThrowIfNot(request.Subject ?? throw new ArgumentException("Subject is null: empty means nobody.", nameof(request)), ApiToken.MaximumSubjectLength, nameof(request.Subject));
        StorableText.ThrowIfNot(request.Actor, ApiToken.MaximumSubjectLength, nameof(request.Actor));
        RequestRule.ThrowIfNotWireData(request.WireData);

        DateTimeOffset now = UnixMicroseconds.Truncate(time.GetUtcNow());
        ExpiryRule.Decision expiry = ExpiryRule.Decide(request.Expiry, policy, now, now, request.ActingToken);
        ScopeSet? scopes = ScopeRule.Decide(request.Scopes, policy, request.ActingToken);
        RejectionReason? problem =
            RequestRule.ProblemOfActing(request.ActingToken, realm, now)
            ?? (scopes is null ? (RejectionReason?)RejectionReason.ScopesExceedIssuer : null)
            ?? RequestRule.ProblemOfName(request.Name, policy)
            ?? expiry.Problem;
        if (problem is not null)
        {
            return new IssueResult.Rejected(problem.Value);
        }

        Guid id = TokenId.Create(now);
        if (await secrets.TryDrawAsync(realm, policy, request.Subject, id, cancellationToken).ConfigureAwait(false) is not { } secret)
        {
            return new IssueResult.Unavailable(secrets.RetryAfter);
        }

        if (await RequestRule.ProblemOfActingNowAsync(request.ActingToken, realm, store, time, cancellationToken).ConfigureAwait(false) is { } lost)
        {
            return new IssueResult.Rejected(lost);
        }

        StoredToken row = secret.PutInto(new StoredToken
        {
            Id = id,
            Realm = realm.Name,
            Kind = policy.Kind,
            Subject = request.Subject,
            Name = request.Name,
            NameKey = policy.UniqueNames ? NameKey.For(realm.Name, request.Subject, request.Name) : null,
            Scopes = scopes!.ToString(),
            Hint = "",
            Hash = "",
            CreatedAt = now,
            UpdatedAt = now,
            ExpiresAt = expiry.ExpiresAt,
            SuspendedAt = request.Suspended ? now : null,
            IssuedBy = request.ActingToken?.Id,
            Actor = request.Actor,
            WireData = request.WireData,
        });
        CommitResult result = await changes.CommitAsync(
            new TokenChange.Issue(TokenId.Create(now), now, row, policy.MaximumLivingTokens), cancellationToken).ConfigureAwait(false);
        switch (result)
        {
            case { Outcome: CommitOutcome.Done }:
                Log.Issued(logger, id, policy.Kind, realm.Name);
                return new IssueResult.Issued(ApiToken.From(result.Token ?? row), secrets.Tell(row, secret), expiry.Clamped);
            case { Outcome: CommitOutcome.NameTaken }:
                return new IssueResult.Rejected(RejectionReason.NameTaken);
            case { Outcome: CommitOutcome.CapReached }:
                return new IssueResult.Rejected(RejectionReason.CapReached);
            default:
                throw new InvalidOperationException($"The store answered {result.Outcome} to the issue of a new token.");
        }
    }
}
