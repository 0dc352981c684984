using TokenKit.Issuing;
using TokenKit.Listing;
using TokenKit.Policy;
using TokenKit.Revoking;
using TokenKit.Updating;
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

    /// <summary>The scope that a token needs to renew itself.</summary>
    public const string RotateScope = "tokens:rotate";

    private readonly RealmDirectory _realms;
    private readonly TokenIssuer _issuer;
    private readonly TokenVerifier _verifier;
    private readonly TokenReader _reader;
    private readonly TokenUpdater _updater;
    private readonly TokenRevoker _revoker;
    private readonly AllRevoker _allRevoker;

    internal ApiTokens(
        RealmDirectory realms,
        TokenIssuer issuer,
        TokenVerifier verifier,
        TokenReader reader,
        TokenUpdater updater,
        TokenRevoker revoker,
        AllRevoker allRevoker)
    {
        _realms = realms;
        _issuer = issuer;
        _verifier = verifier;
        _reader = reader;
        _updater = updater;
        _revoker = revoker;
        _allRevoker = allRevoker;
    }

    /// <summary>Whether the host added a realm.</summary>
    /// <param name="realm">The realm, character by character.</param>
    public bool HasRealm(string realm) => _realms.Has(realm);

    /// <summary>Issues a token. When the call returns <see cref="IssueResult.Issued"/>, the token is durable and can be used.</summary>
    /// <param name="request">The token to issue.</param>
    /// <param name="cancellationToken">Gives up. The token may then exist, but nobody has its plaintext.</param>
    /// <exception cref="ArgumentException">The subject or wire data is too long, or the realm or kind was not added.</exception>
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
    public Task<ApiToken?> FindAsync(string realm, Guid id, SubjectFilter owner, CancellationToken cancellationToken = default) =>
        _reader.FindAsync(realm, id, owner, cancellationToken);

    /// <summary>Lists one page of tokens.</summary>
    /// <param name="query">Which tokens, in which order, and where to go on.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<ApiTokenPage> ListAsync(TokenQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _reader.ListAsync(query, cancellationToken);
    }

    /// <summary>Lists all tokens of a query, from where it begins. They are read page by page while they are enumerated.</summary>
    /// <param name="query">Which tokens, in which order, and how many at once.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public IAsyncEnumerable<ApiToken> ListAllAsync(TokenQuery query, CancellationToken cancellationToken = default) =>
        _reader.ListAllAsync(query, cancellationToken);

    /// <summary>Shows the plaintext of a token again, where its realm keeps a recoverable copy.</summary>
    /// <param name="request">The token.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The plaintext; null when there is no such token, or no copy of it, or the copy cannot be read (which is logged and counted).</returns>
    public Task<TokenPlaintext?> RecoverAsync(RecoverRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _reader.RecoverAsync(request, cancellationToken);
    }

    /// <inheritdoc cref="RecoverAsync(RecoverRequest, CancellationToken)"/>
    /// <remarks>The host itself reads.</remarks>
    /// <param name="realm">The realm that it must be in.</param>
    /// <param name="id">The id.</param>
    /// <param name="owner">Whose it must be.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<TokenPlaintext?> RecoverAsync(string realm, Guid id, SubjectFilter owner, CancellationToken cancellationToken = default) =>
        _reader.RecoverAsync(new RecoverRequest(realm, id, owner), cancellationToken);

    /// <summary>
    /// Lists all tokens of a query with their plaintexts, where the realm keeps recoverable copies. They are read page by page while they are
    /// enumerated, each page in one read.
    /// </summary>
    /// <param name="request">The tokens.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>
    /// The tokens. One without a copy, or whose copy cannot be read, has no plaintext. How many were read, and how many cannot be, is logged
    /// once per call.
    /// </returns>
    public IAsyncEnumerable<RecoveredToken> RecoverAllAsync(RecoverAllRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _reader.RecoverAllAsync(request, cancellationToken);
    }

    /// <inheritdoc cref="RecoverAllAsync(RecoverAllRequest, CancellationToken)"/>
    /// <remarks>The host itself reads.</remarks>
    /// <param name="query">Which tokens, in which order, and how many at once.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public IAsyncEnumerable<RecoveredToken> RecoverAllAsync(TokenQuery query, CancellationToken cancellationToken = default) =>
        _reader.RecoverAllAsync(new RecoverAllRequest(query), cancellationToken);

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
    /// <param name="request">The token.</param>
    /// <param name="cancellationToken">Gives up waiting; the token may have been revoked.</param>
    /// <returns>Revoked, not found in that realm with such an owner, or rejected where the acting token may not.</returns>
    public Task<RevokeResult> RevokeAsync(RevokeRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _revoker.RevokeAsync(request, cancellationToken);
    }

    /// <inheritdoc cref="RevokeAsync(RevokeRequest, CancellationToken)"/>
    /// <remarks>The host itself revokes.</remarks>
    /// <param name="realm">The realm that it must be in.</param>
    /// <param name="id">The id.</param>
    /// <param name="owner">Whose it must be.</param>
    /// <param name="cancellationToken">Gives up waiting; the token may have been revoked.</param>
    /// <returns>The token, with its first revocation when it was revoked before; null when there is none in that realm with such an owner.</returns>
    public async Task<ApiToken?> RevokeAsync(string realm, Guid id, SubjectFilter owner, CancellationToken cancellationToken = default) =>
        await _revoker.RevokeAsync(new RevokeRequest(realm, id, owner), cancellationToken).ConfigureAwait(false) is RevokeResult.Revoked revoked ? revoked.Token : null;

    /// <summary>
    /// Revokes all tokens of an owner, expired and suspended ones included. No token that one of them issued for the same owner survives the
    /// call. Tokens that they issued for others stay: <see cref="ApiToken.IssuedBy"/> tells which.
    /// </summary>
    /// <param name="request">The tokens.</param>
    /// <param name="cancellationToken">Gives up; the tokens may have been revoked, some or all. Repeating the call is harmless.</param>
    /// <returns>Revoked, or rejected where the acting token may not.</returns>
    /// <remarks>
    /// Up to 10 000 tokens of one subject are revoked in one transaction, all or none. More of them, and those of a whole realm, are revoked in
    /// steps first: a call that is broken off may leave a part revoked. Tokens that the host issues meanwhile, for a login for example, may live.
    /// </remarks>
    public Task<RevokeAllResult> RevokeAllAsync(RevokeAllRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _allRevoker.RevokeAsync(request, cancellationToken);
    }

    /// <inheritdoc cref="RevokeAllAsync(RevokeAllRequest, CancellationToken)"/>
    /// <remarks>The host itself revokes.</remarks>
    /// <param name="realm">The realm.</param>
    /// <param name="owner">Whose tokens.</param>
    /// <param name="spared">A token that is left alone together with its rotation partner; null to spare none.</param>
    /// <param name="cancellationToken">Gives up; the tokens may have been revoked, some or all. Repeating the call is harmless.</param>
    /// <returns>How many tokens were revoked by this call.</returns>
    public async Task<int> RevokeAllAsync(string realm, SubjectFilter owner, ApiToken? spared, CancellationToken cancellationToken = default) =>
        await _allRevoker.RevokeAsync(new RevokeAllRequest(realm, owner) { Spared = spared }, cancellationToken).ConfigureAwait(false) is RevokeAllResult.Revoked revoked
            ? revoked.Count
            : 0;

    /// <summary>Removes a token and its record.</summary>
    /// <param name="request">The token.</param>
    /// <param name="cancellationToken">Gives up waiting; the token may have been removed.</param>
    /// <returns>Deleted, not found in that realm with such an owner, or rejected where the acting token may not.</returns>
    public Task<DeleteResult> DeleteAsync(DeleteRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _revoker.DeleteAsync(request, cancellationToken);
    }

    /// <inheritdoc cref="DeleteAsync(DeleteRequest, CancellationToken)"/>
    /// <remarks>The host itself removes it.</remarks>
    /// <param name="realm">The realm that it must be in.</param>
    /// <param name="id">The id.</param>
    /// <param name="owner">Whose it must be.</param>
    /// <param name="cancellationToken">Gives up waiting; the token may have been removed.</param>
    /// <returns>Whether there was such a token.</returns>
    public async Task<bool> DeleteAsync(string realm, Guid id, SubjectFilter owner, CancellationToken cancellationToken = default) =>
        await _revoker.DeleteAsync(new DeleteRequest(realm, id, owner), cancellationToken).ConfigureAwait(false) is DeleteResult.Deleted;
}
