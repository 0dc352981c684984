using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using TokenKit.Changes;
using TokenKit.Diagnostics;
using TokenKit.Format;
using TokenKit.Issuing;
using TokenKit.Policy;
using TokenKit.Recovery;
using TokenKit.Stores;
using TokenKit.Updating;
using TokenKit.Usage;
using TokenKit.Verification;

namespace TokenKit;

/// <summary>What a program does with tokens. One instance serves the whole host and is called by many threads at once.</summary>
/// <remarks>
/// Every method but <see cref="VerifyAsync(string, string, CancellationToken)"/> throws <see cref="TokenStoreException"/> when the store fails,
/// and <see cref="ArgumentException"/> for a realm or kind that the host did not add.
/// </remarks>
public sealed class ApiTokens
{
    /// <summary>The scope that a token needs to manage tokens.</summary>
    public const string ManageScope = "tokens:manage";

    private readonly TokenIssuer _issuer;
    private readonly TokenUpdater _updater;
    private readonly TokenVerifier _verifier;
    private readonly ITokenStore _store;
    private readonly LocalChanges _changes;
    private readonly RealmDirectory _realms;
    private readonly LastUsedTracker _lastUsed;
    private readonly RecoverableCopies _copies;
    private readonly TimeProvider _time;
    private readonly ILogger<ApiTokens> _logger;

    internal ApiTokens(
        TokenIssuer issuer,
        TokenUpdater updater,
        TokenVerifier verifier,
        ITokenStore store,
        LocalChanges changes,
        RealmDirectory realms,
        LastUsedTracker lastUsed,
        RecoverableCopies copies,
        TimeProvider time,
        ILogger<ApiTokens> logger)
    {
        _issuer = issuer;
        _updater = updater;
        _verifier = verifier;
        _store = store;
        _changes = changes;
        _realms = realms;
        _lastUsed = lastUsed;
        _copies = copies;
        _time = time;
        _logger = logger;
    }

    private DateTimeOffset Now => UnixMicroseconds.Truncate(_time.GetUtcNow());

    /// <summary>Whether the host added a realm.</summary>
    /// <param name="realm">The realm, character by character.</param>
    public bool HasRealm(string realm) => _realms.Has(realm);

    /// <summary>Issues a token. When the call returns <see cref="IssueResult.Issued"/>, the token is durable and can be used.</summary>
    /// <param name="request">The token to issue.</param>
    /// <param name="cancellationToken">Gives up. The token may then exist, but nobody has its plaintext.</param>
    /// <exception cref="ArgumentException">The subject, actor or wire data is too long, or the realm or kind was not added.</exception>
    public Task<IssueResult> IssueAsync(IssueRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _issuer.IssueAsync(request, cancellationToken);
    }

    /// <summary>Finds out whether a text is the plaintext of a token of the realm that may be used now.</summary>
    /// <param name="realm">The realm. A token of another realm is not recognized.</param>
    /// <param name="text">What a caller presented; anything, of any length.</param>
    /// <param name="cancellationToken">Gives up waiting. A hash that is being computed is finished all the same.</param>
    /// <returns>
    /// Valid, refused or unavailable. A call that begins after this process answered a revocation never returns valid; after a revocation by
    /// another, it may for <see cref="RealmOptions.MaximumRevocationDelay"/>, which is zero by default. A store that cannot be reached makes it
    /// unavailable.
    /// </returns>
    public ValueTask<VerificationResult> VerifyAsync(string realm, string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _verifier.VerifyAsync(realm, text.AsMemory(), cancellationToken);
    }

    /// <inheritdoc cref="VerifyAsync(string, string, CancellationToken)"/>
    /// <remarks>For a part of a longer text, such as the value of a header: it is not copied unless it has to be hashed.</remarks>
    public ValueTask<VerificationResult> VerifyAsync(string realm, ReadOnlyMemory<char> text, CancellationToken cancellationToken = default) =>
        _verifier.VerifyAsync(realm, text, cancellationToken);

    /// <summary>Whether a text begins with a prefix of the realm's, as all its tokens do, so that it is not meant for anybody else.</summary>
    /// <param name="realm">The realm.</param>
    /// <param name="text">What a caller presented; anything, of any length.</param>
    /// <returns>
    /// False for what is no token of the realm. True says nothing of whether it is one: <see cref="VerifyAsync(string, string, CancellationToken)"/> does.
    /// </returns>
    public bool HasPrefix(string realm, string text)
    {
        ArgumentNullException.ThrowIfNull(text);

        // What follows the prefix has no underscore, though the prefix may.
        return text.LastIndexOf('_') is var end and > 0 && _realms.Get(realm).Accepts(text.AsSpan(0, end));
    }

    /// <summary>Finds a token by its id, revoked and expired ones included.</summary>
    /// <param name="realm">The realm that it must be in.</param>
    /// <param name="id">The id.</param>
    /// <param name="owner">Whose it must be.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The token, or null when there is none in that realm with such an owner.</returns>
    public async Task<ApiToken?> FindAsync(string realm, Guid id, SubjectFilter owner, CancellationToken cancellationToken = default) =>
        await FindRowAsync(realm, id, owner, cancellationToken).ConfigureAwait(false) is { } row ? Show(row) : null;

    /// <summary>Lists one page of tokens.</summary>
    /// <param name="query">Which tokens, in which order, and where to go on.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<ApiTokenPage> ListAsync(TokenQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        _realms.Get(query.Realm);
        TokenPage page = await _store.ListAsync(query, cancellationToken).ConfigureAwait(false);
        string? nextCursor = page.HasMore && page.Tokens is [.., var last]
            ? query.CursorBehind(new TokenPosition(last.CreatedAt, last.Id, last.Sequence))
            : null;
        return new ApiTokenPage([.. page.Tokens.Select(Show)], nextCursor);
    }

    /// <summary>Lists all tokens of a query, from where it begins. They are read page by page while they are enumerated.</summary>
    /// <param name="query">Which tokens, in which order, and how many at once.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public IAsyncEnumerable<ApiToken> ListAllAsync(TokenQuery query, CancellationToken cancellationToken = default) =>
        ReadAllAsync(query, cancellationToken).Select(Show);

    /// <summary>Shows the plaintext of a token again, where its realm keeps a recoverable copy.</summary>
    /// <param name="realm">The realm that it must be in.</param>
    /// <param name="id">The id.</param>
    /// <param name="owner">Whose it must be.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The plaintext; null when there is no such token, or no copy of it, or the copy cannot be read (which is logged and counted).</returns>
    public async Task<TokenPlaintext?> RecoverAsync(string realm, Guid id, SubjectFilter owner, CancellationToken cancellationToken = default)
    {
        StoredToken? row = await FindRowAsync(realm, id, owner, cancellationToken).ConfigureAwait(false);
        using CopyReading reading = _copies.BeginReading(realm);
        return row is null ? null : reading.Read(row);
    }

    /// <summary>
    /// Lists all tokens of a query with their plaintexts, where the realm keeps recoverable copies. They are read page by page while they are
    /// enumerated, each page in one read.
    /// </summary>
    /// <param name="query">Which tokens, in which order, and how many at once.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>
    /// The tokens. One without a copy, or whose copy cannot be read, has no plaintext; how many cannot be read is logged once per call, and so
    /// is how many were.
    /// </returns>
    public async IAsyncEnumerable<RecoveredToken> RecoverAllAsync(
        TokenQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        IAsyncEnumerable<StoredToken> rows = ReadAllAsync(query, cancellationToken);
        using CopyReading reading = _copies.BeginReading(query.Realm);
        await foreach (StoredToken row in rows.ConfigureAwait(false))
        {
            yield return new RecoveredToken(Show(row), reading.Read(row));
        }
    }

    /// <summary>Changes the name, scopes, suspension, expiry, secret or wire data of a token.</summary>
    /// <param name="request">What to change; the rest stays as it is.</param>
    /// <param name="cancellationToken">Gives up waiting; the change may have been made.</param>
    public Task<UpdateResult> UpdateAsync(UpdateRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _updater.UpdateAsync(request, cancellationToken);
    }

    /// <summary>
    /// Revokes a token for ever and keeps its record. When the call returns, no verification that begins later accepts it: on other nodes
    /// after the realm's <see cref="RealmOptions.MaximumRevocationDelay"/>.
    /// </summary>
    /// <param name="realm">The realm that it must be in.</param>
    /// <param name="id">The id.</param>
    /// <param name="owner">Whose it must be.</param>
    /// <param name="cancellationToken">Gives up waiting; the token may have been revoked.</param>
    /// <returns>The token, with its first revocation when it was revoked before; null when there is none in that realm with such an owner.</returns>
    public async Task<ApiToken?> RevokeAsync(string realm, Guid id, SubjectFilter owner, CancellationToken cancellationToken = default)
    {
        DateTimeOffset now = Now;
        var change = new TokenChange.Revoke(TokenId.Create(now), now, id, _realms.Get(realm).Name, owner);
        CommitResult result = await _changes.CommitAsync(change, cancellationToken).ConfigureAwait(false);
        if (result.Token is null)
        {
            return null;
        }

        Log.Revoked(_logger, id, realm);
        return Show(result.Token);
    }

    /// <summary>Revokes all tokens of an owner, expired and suspended ones included, in batches until none remains.</summary>
    /// <param name="realm">The realm.</param>
    /// <param name="owner">Whose tokens. Every token whose issue was answered before the call began is covered.</param>
    /// <param name="spared">A token that is left alone together with its rotation partner; null to spare none.</param>
    /// <param name="cancellationToken">Gives up; some tokens may have been revoked. Repeating the call is harmless.</param>
    /// <returns>How many tokens were revoked by this call.</returns>
    public async Task<int> RevokeAllAsync(string realm, SubjectFilter owner, ApiToken? spared, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(owner);
        string realmName = _realms.Get(realm).Name;

        // A rotation may have happened since the caller saw the token: its partner is read from the row.
        StoredToken? sparedRow = spared is null ? null : await _store.FindAsync(spared.Id, cancellationToken).ConfigureAwait(false);
        Guid[] sparedIds = [.. new[] { sparedRow?.Id, sparedRow?.PredecessorId, sparedRow?.SuccessorId }.OfType<Guid>()];
        int total = 0;
        int revoked;
        do
        {
            revoked = await _changes.CommitBatchAsync(
                new TokenBatch.RevokeWhere(Now, realmName, owner, sparedIds), cancellationToken).ConfigureAwait(false);
            total += revoked;
        }
        while (revoked == TokenBatch.MaximumSize);

        Log.RevokedAll(_logger, total, realmName);
        return total;
    }

    /// <summary>Removes a token and its record.</summary>
    /// <param name="realm">The realm that it must be in.</param>
    /// <param name="id">The id.</param>
    /// <param name="owner">Whose it must be.</param>
    /// <param name="cancellationToken">Gives up waiting; the token may have been removed.</param>
    /// <returns>Whether there was such a token.</returns>
    public async Task<bool> DeleteAsync(string realm, Guid id, SubjectFilter owner, CancellationToken cancellationToken = default)
    {
        DateTimeOffset now = Now;
        var change = new TokenChange.Delete(TokenId.Create(now), now, id, _realms.Get(realm).Name, owner);
        CommitResult result = await _changes.CommitAsync(change, cancellationToken).ConfigureAwait(false);
        if (result.Outcome != CommitOutcome.Done)
        {
            return false;
        }

        Log.Deleted(_logger, id, realm);
        return true;
    }

    private async ValueTask<StoredToken?> FindRowAsync(string realm, Guid id, SubjectFilter owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        string realmName = _realms.Get(realm).Name;
        StoredToken? row = await _store.FindAsync(id, cancellationToken).ConfigureAwait(false);
        return row is not null && string.Equals(row.Realm, realmName, StringComparison.Ordinal) && owner.Matches(row.Subject) ? row : null;
    }

    private IAsyncEnumerable<StoredToken> ReadAllAsync(TokenQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        _realms.Get(query.Realm);
        return _store.ReadAllAsync(query, cancellationToken);
    }

    private ApiToken Show(StoredToken row) => ApiToken.From(row) with { LastUsedAt = _lastUsed.Latest(row) };
}
