using System.Runtime.CompilerServices;
using TokenKit.Policy;
using TokenKit.Recovery;
using TokenKit.Stores;
using TokenKit.Usage;

namespace TokenKit.Listing;

/// <summary>Finds and lists tokens, and shows plaintexts again.</summary>
internal sealed class TokenReader(RealmDirectory realms, ITokenStore store, LastUsedTracker lastUsed, RecoverableCopies copies)
{
    public async Task<ApiToken?> FindAsync(string realm, Guid id, SubjectFilter owner, CancellationToken cancellationToken) =>
        await FindRowAsync(realm, id, owner, cancellationToken).ConfigureAwait(false) is { } row ? lastUsed.Show(row) : null;

    public async Task<ApiTokenPage> ListAsync(TokenQuery query, CancellationToken cancellationToken)
    {
        realms.Get(query.Realm);
        TokenPage page = await store.ListAsync(query, cancellationToken).ConfigureAwait(false);
        string? nextCursor = page.HasMore && page.Tokens is [.., var last]
            ? query.CursorBehind(new TokenPosition(last.CreatedAt, last.Id, last.Sequence))
            : null;
        return new ApiTokenPage([.. page.Tokens.Select(lastUsed.Show)], nextCursor);
    }

    public IAsyncEnumerable<ApiToken> ListAllAsync(TokenQuery query, CancellationToken cancellationToken) =>
        ReadAllAsync(query, cancellationToken).Select(lastUsed.Show);

    public async Task<TokenPlaintext?> RecoverAsync(RecoverRequest request, CancellationToken cancellationToken)
    {
        StoredToken? row = await FindRowAsync(request.Realm, request.Id, request.Owner, cancellationToken).ConfigureAwait(false);
        using CopyReading reading = copies.BeginReading(realms.Get(request.Realm));
        return row is null ? null : reading.Read(row);
    }

    public async IAsyncEnumerable<RecoveredToken> RecoverAllAsync(
        RecoverAllRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerable<StoredToken> rows = ReadAllAsync(request.Query, cancellationToken);
        using CopyReading reading = copies.BeginReading(realms.Get(request.Query.Realm));
        await foreach (StoredToken row in rows.ConfigureAwait(false))
        {
            yield return new RecoveredToken(lastUsed.Show(row), reading.Read(row));
        }
    }

    private async ValueTask<StoredToken?> FindRowAsync(string realm, Guid id, SubjectFilter owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        string realmName = realms.Get(realm).Name;
        StoredToken? row = await store.FindAsync(id, cancellationToken).ConfigureAwait(false);
        return row is not null && string.Equals(row.Realm, realmName, StringComparison.Ordinal) && owner.Matches(row.Subject) ? row : null;
    }

    private IAsyncEnumerable<StoredToken> ReadAllAsync(TokenQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        realms.Get(query.Realm);
        return store.ReadAllAsync(query, cancellationToken);
    }
}
