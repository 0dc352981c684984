using TokenKit.Changes;
using TokenKit.Issuing;
using TokenKit.Policy;
using TokenKit.Stores;
using TokenKit.Usage;

namespace TokenKit.Updating;

/// <summary>Changes tokens under the same rules as they are issued.</summary>
internal sealed class TokenUpdater(
    RealmDirectory realms,
    ITokenStore store,
    TokenWriter writer,
    SecretFactory secrets,
    LastUsedTracker lastUsed,
    TimeProvider time)
{
    private static readonly UpdateResult NotFound = new UpdateResult.NotFound();
    private static readonly UpdateResult Conflict = new UpdateResult.Conflict();

    public async Task<UpdateResult> UpdateAsync(UpdateRequest request, CancellationToken cancellationToken)
    {
        Realm realm = realms.Get(request.Realm);
        RequestRule.ThrowIfNotWireData(request.WireData);

        // It tells what never changes: owner, kind, creation. The rest is decided with the change.
        StoredToken? row = await store.FindAsync(request.Id, cancellationToken).ConfigureAwait(false);
        if (row is null || row.RevokedAt is not null || !string.Equals(row.Realm, realm.Name, StringComparison.Ordinal) || !request.Owner.Matches(row.Subject))
        {
            return NotFound;
        }

        KindPolicy policy = realm.KindOf(row.Kind);
        DateTimeOffset now = UnixMicroseconds.Truncate(time.GetUtcNow());
        ExpiryRule.Decision? expiry = request.Expiry is { } wanted ? ExpiryRule.Decide(wanted, policy, row.CreatedAt, now) : null;
        RejectionReason? problem =
            ActorRule.ProblemOf(request.Actor, request.Actor.Token, realm.Name, row.Id, now)
            ?? PowerRule.ProblemOfScopes(request.Scopes, request.Actor.Token)
            ?? (request.Name is null ? null : RequestRule.ProblemOfName(request.Name, policy))
            ?? expiry?.Problem;
        if (problem is not null)
        {
            return new UpdateResult.Rejected(problem.Value);
        }

        NewSecret? secret = null;
        if (request.ReplaceSecret)
        {
            // Hashing takes its time: what is refused anyway is refused before.
            if (request.ExpectedVersion is { } expected && expected != row.Version)
            {
                return Conflict;
            }

            if (PowerRule.ProblemOfScopes(request.Scopes ?? ApiToken.From(row).Scopes, request.Actor.Token) is { } exceeding)
            {
                return new UpdateResult.Rejected(exceeding);
            }

            secret = await secrets.TryCreateAsync(realm, policy, row.Subject, row.Id, request.Actor, cancellationToken).ConfigureAwait(false);
            if (secret is null)
            {
                return new UpdateResult.Unavailable(secrets.RetryAfter);
            }
        }

        var change = new TokenChange.Update(time, row, request.Actor)
        {
            ExpectedVersion = request.ExpectedVersion,
            Name = Optional(request.Name),
            NameKey = request.Name is not null && policy.UniqueNames ? NameKey.For(row.Realm, row.Subject, request.Name) : null,
            Scopes = Optional(request.Scopes?.ToString()),
            ExpiresAt = expiry is { } decided ? new(decided.ExpiresAt) : default,
            Suspended = request.Suspended is { } suspended ? new(suspended) : default,
            WireData = request.WireData is { } data ? new(data.Length == 0 ? null : data) : default,
            Secret = secret?.Stored,
            LivingTokenLimit = policy.MaximumLivingTokens,
        };
        CommitResult result = await writer.CommitAsync(change, cancellationToken).ConfigureAwait(false);
        return result.Outcome switch
        {
            CommitOutcome.Done when result.Token is { } stored => new UpdateResult.Updated(lastUsed.Show(stored), result.ExpiryClamped || (expiry is { } asked && asked.ExpiresAt != stored.ExpiresAt))
            {
                Plaintext = secret is null ? null : secrets.Reveal(row with { Secret = secret.Stored }, secret),
            },
            CommitOutcome.Done or CommitOutcome.NotFound => NotFound,
            CommitOutcome.Stale => Conflict,
            _ => new UpdateResult.Rejected(RequestRule.ReasonOf(result)),
        };
    }

    private static Optional<string> Optional(string? value) => value is null ? default(Optional<string>) : new(value);
}
