using TokenKit.Changes;
using TokenKit.Format;
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
    // Others may change the token between our read and our write, but not again and again.
    private const int MostAttempts = 8;

    private static readonly UpdateResult NotFound = new UpdateResult.NotFound();
    private static readonly UpdateResult Conflict = new UpdateResult.Conflict();

    private DateTimeOffset Now => UnixMicroseconds.Truncate(time.GetUtcNow());

    public async Task<UpdateResult> UpdateAsync(UpdateRequest request, CancellationToken cancellationToken)
    {
        Realm realm = realms.Get(request.Realm);
        RequestRule.ThrowIfNotWireData(request.WireData);
        NewSecret? secret = null;
        for (int attempt = 0; attempt < MostAttempts; attempt++)
        {
            StoredToken? row = await store.FindAsync(request.Id, cancellationToken).ConfigureAwait(false);
            if (row is null || row.RevokedAt is not null || !string.Equals(row.Realm, realm.Name, StringComparison.Ordinal) || !request.Owner.Matches(row.Subject))
            {
                return NotFound;
            }

            if (request.ExpectedVersion is { } expected && expected != row.Version)
            {
                return Conflict;
            }

            if (request.ReplaceSecret && secret is null)
            {
                // Hashing takes its time: what is refused anyway is refused before, and the token is read again after.
                if (Prepare(request, realm, row, Now).Problem is { } problem)
                {
                    return new UpdateResult.Rejected(problem);
                }

                secret = await secrets.TryCreateAsync(realm, realm.KindOf(row.Kind), row.Subject, row.Id, cancellationToken).ConfigureAwait(false);
                if (secret is null)
                {
                    return new UpdateResult.Unavailable(secrets.RetryAfter);
                }

                if (await RequestRule.ProblemOfActorNowAsync(request.Actor, realm, row.Id, store, time, cancellationToken).ConfigureAwait(false) is { } lost)
                {
                    return new UpdateResult.Rejected(lost);
                }

                continue;
            }

            UpdateResult? result = await TryUpdateAsync(request, realm, row, secret, cancellationToken).ConfigureAwait(false);
            if (result is not null)
            {
                return result;
            }
        }

        return Conflict;
    }

    // Null when the row was changed meanwhile.
    private async Task<UpdateResult?> TryUpdateAsync(
        UpdateRequest request,
        Realm realm,
        StoredToken row,
        NewSecret? secret,
        CancellationToken cancellationToken)
    {
        DateTimeOffset now = Now;
        Preparation prepared = Prepare(request, realm, row, now);
        if (prepared.Problem is { } problem)
        {
            return new UpdateResult.Rejected(problem);
        }

        var change = new TokenChange.Update(TokenId.Create(now), now, prepared.Row, realm.KindOf(row.Kind).MaximumLivingTokens, request.Actor)
        {
            Secret = secret?.Stored,
        };
        CommitResult result = await writer.CommitAsync(change, cancellationToken).ConfigureAwait(false);
        switch (result.Outcome)
        {
            case CommitOutcome.Done when result.Token is { } stored:
                return new UpdateResult.Updated(lastUsed.Show(stored), prepared.Clamped)
                {
                    Plaintext = secret is null ? null : secrets.Reveal(row with { Secret = secret.Stored }, secret),
                };
            case CommitOutcome.NameTaken:
                return new UpdateResult.Rejected(RejectionReason.NameTaken);
            case CommitOutcome.CapReached:
                return new UpdateResult.Rejected(RejectionReason.CapReached);
            case CommitOutcome.Stale:
                return null;
            default:
                return NotFound;
        }
    }

    private static Preparation Prepare(UpdateRequest request, Realm realm, StoredToken row, DateTimeOffset now)
    {
        KindPolicy policy = realm.KindOf(row.Kind);
        ExpiryRule.Decision expiry = request.Expiry is { } wanted ? ExpiryRule.Decide(wanted, policy, row.CreatedAt, now, request.Actor.Token)
            : request.ReplaceSecret ? ExpiryRule.Clamp(row.ExpiresAt, request.Actor.Token)
            : new(row.ExpiresAt);
        ScopeSet? scopes = ScopesAfter(request, policy, row);
        RejectionReason? problem =
            RequestRule.ProblemOfActor(request.Actor, realm, row.Id, now)
            ?? (scopes is null ? (RejectionReason?)RejectionReason.ScopesExceedIssuer : null)
            ?? (request.Name is null ? null : RequestRule.ProblemOfName(request.Name, policy))
            ?? expiry.Problem;
        if (problem is not null)
        {
            return new(row, Clamped: false, problem);
        }

        StoredToken updated = row with
        {
            Name = request.Name ?? row.Name,
            NameKey = NameKeyAfter(request, policy, row),
            Scopes = scopes!.ToString(),
            ExpiresAt = expiry.ExpiresAt,
            SuspendedAt = request.Suspended switch
            {
                true => row.SuspendedAt ?? now,
                false => null,
                null => row.SuspendedAt,
            },
            WireData = request.WireData is { Length: 0 } ? null : request.WireData ?? row.WireData,
        };
        return new(updated, expiry.Clamped, Problem: null);
    }

    // An acting token gives power by new scopes, by a later end, by resuming and by a plaintext; it has none to give that it lacks itself.
    private static ScopeSet? ScopesAfter(UpdateRequest request, KindPolicy policy, StoredToken row)
    {
        ScopeSet wanted = request.Scopes ?? ApiToken.From(row).Scopes;
        bool givesPower = request.Scopes is not null || request.Expiry is not null || request.Suspended == false || request.ReplaceSecret;
        return givesPower ? ScopeRule.Decide(wanted, policy, request.Actor.Token) : wanted;
    }

    // A token whose name stays keeps its key too: its realm may have begun to want unique names since, and suspending must not fail for that.
    private static byte[]? NameKeyAfter(UpdateRequest request, KindPolicy policy, StoredToken row) =>
        request.Name is null || string.Equals(request.Name, row.Name, StringComparison.Ordinal) ? row.NameKey
        : policy.UniqueNames ? NameKey.For(row.Realm, row.Subject, request.Name)
        : null;

    /// <summary>The row as it should be, or why it may not be so.</summary>
    private readonly record struct Preparation(StoredToken Row, bool Clamped, RejectionReason? Problem);
}
