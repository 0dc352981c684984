using TokenKit.Changes;
using TokenKit.Policy;
using TokenKit.Stores;

namespace TokenKit.Revoking;

/// <summary>Ends all tokens of an owner. Up to 10 000 tokens of a subject end in one transaction, all or none.</summary>
/// <remarks>
/// More tokens are swept first, in steps of a transaction each, so that no other change waits for long. The close then ends, under the guard of
/// the subject, what the sweep has left and what was issued meanwhile. A whole realm is swept as one, and closed subject by subject.
/// </remarks>
internal sealed class AllRevoker(RealmDirectory realms, ITokenStore store, TokenWriter writer, TimeProvider time)
{
    private const int MostInOneTransaction = 10_000;

    // A token may have issued for a subject that was closed before its own.
    private const int MostPassesOverRealm = 16;

    public async Task<RevokeAllResult> RevokeAsync(RevokeAllRequest request, CancellationToken cancellationToken)
    {
        SubjectFilter owner = request.Owner ?? throw new ArgumentNullException(nameof(request), "Owner is null: say whose tokens are meant.");
        var call = new Call(realms.Get(request.Realm).Name, request.Spared?.Id);
        long count = await store.CountAsync(call.Realm, owner, cancellationToken).ConfigureAwait(false);
        if (owner is SubjectFilter.AnySubject)
        {
            await SweepAsync(call, owner, request.Actor, count, cancellationToken).ConfigureAwait(false);
            await CloseRealmAsync(call, request.Actor, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            if (count > MostInOneTransaction)
            {
                await SweepAsync(call, owner, request.Actor, count, cancellationToken).ConfigureAwait(false);
            }

            await CloseAsync(call, owner, request.Actor, cancellationToken).ConfigureAwait(false);
        }

        if (call.Problem is null || call.Revoked > 0)
        {
            writer.ReportRevokedAll(call.Revoked, call.Realm);
        }

        return call.Problem is { } problem ? new RevokeAllResult.Rejected(problem) : new RevokeAllResult.Revoked(call.Revoked);
    }

    // No more steps than the tokens need that are there now: those who issue meanwhile must not keep it going. A step that revokes none may have
    // met another sweep.
    private async Task SweepAsync(Call call, SubjectFilter owner, TokenActor actor, long count, CancellationToken cancellationToken)
    {
        DateTimeOffset? reached = null;
        for (long left = count; left > 0 && call.Problem is null; left -= TokenChange.RevokeAll.MaximumSize)
        {
            var step = new TokenChange.RevokeAll(time, call.Realm, owner, actor)
            {
                Spared = call.Spared,
                Most = TokenChange.RevokeAll.MaximumSize,
                CreatedFrom = reached,
            };
            CommitResult result = await writer.CommitAsync(step, cancellationToken).ConfigureAwait(false);
            call.Add(result);
            reached = result.Reached ?? reached;
        }
    }

    private async Task CloseAsync(Call call, SubjectFilter owner, TokenActor actor, CancellationToken cancellationToken)
    {
        if (call.Problem is null)
        {
            var close = new TokenChange.RevokeAll(time, call.Realm, owner, actor) { Spared = call.Spared };
            call.Add(await writer.CommitAsync(close, cancellationToken).ConfigureAwait(false));
        }
    }

    private async Task CloseRealmAsync(Call call, TokenActor actor, CancellationToken cancellationToken)
    {
        if (call.Problem is not null)
        {
            return;
        }

        // The subject of the acting token comes last: it must not lose the right before the others are closed.
        HashSet<string> subjects = await SubjectsAsync(call, static (_, _) => new(true), cancellationToken).ConfigureAwait(false);
        string? last = actor.Token?.Subject;
        foreach (string subject in subjects.OrderBy(subject => string.Equals(subject, last, StringComparison.Ordinal)))
        {
            await CloseAsync(call, SubjectFilter.For(subject), actor, cancellationToken).ConfigureAwait(false);
        }

        // Meanwhile a token may have issued for a subject that was closed before its own. The actor's right to this was judged.
        for (int pass = 0; pass < MostPassesOverRealm && call.Problem is null; pass++)
        {
            subjects = await SubjectsAsync(call, HasRevokedIssuerAsync, cancellationToken).ConfigureAwait(false);
            if (subjects.Count == 0)
            {
                return;
            }

            foreach (string subject in subjects)
            {
                await CloseAsync(call, SubjectFilter.For(subject), TokenActor.Host, cancellationToken).ConfigureAwait(false);
            }
        }

        if (call.Problem is null)
        {
            throw new TokenStoreException("Tokens of the realm kept issuing others faster than all could be revoked. Repeat the call.");
        }
    }

    private async Task<HashSet<string>> SubjectsAsync(Call call, Func<StoredToken, CancellationToken, ValueTask<bool>> isMeant, CancellationToken cancellationToken)
    {
        HashSet<string> subjects = new(StringComparer.Ordinal);
        var query = new TokenQuery(call.Realm, SubjectFilter.Any) { Limit = TokenQuery.MaximumLimit };
        await foreach (StoredToken row in store.ReadAllAsync(query, cancellationToken).ConfigureAwait(false))
        {
            if (!call.Spares(row) && !subjects.Contains(row.Subject) && await isMeant(row, cancellationToken).ConfigureAwait(false))
            {
                subjects.Add(row.Subject);
            }
        }

        return subjects;
    }

    private async ValueTask<bool> HasRevokedIssuerAsync(StoredToken row, CancellationToken cancellationToken) =>
        row.IssuedBy is { } issuer && (await store.FindAsync(issuer, cancellationToken).ConfigureAwait(false)) is null or { RevokedAt: not null };

    private sealed class Call(string realm, Guid? spared)
    {
        public string Realm => realm;

        public Guid? Spared => spared;

        public int Revoked { get; private set; }

        /// <summary>Why the actor may not go on; null as long as it may.</summary>
        public RejectionReason? Problem { get; private set; }

        public bool Spares(StoredToken row) => spared is not null && (row.Id == spared || row.PredecessorId == spared || row.SuccessorId == spared);

        public void Add(CommitResult result)
        {
            if (result.Outcome != CommitOutcome.Done)
            {
                Problem = RequestRule.ReasonOf(result);
            }

            Revoked += result.Written;
        }
    }
}
