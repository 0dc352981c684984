namespace TokenKit.Stores;

/// <summary>One change, with the conditions under which it is made.</summary>
public abstract record TokenChange
{
    private TokenChange(Guid changeId, DateTimeOffset now, string realm, SubjectFilter owner, Guid id, TokenActor actor)
    {
        ArgumentException.ThrowIfNullOrEmpty(realm);
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(actor);
        ChangeId = changeId;
        Now = now;
        Realm = realm;
        Owner = owner;
        Ids = [id];
        Actor = actor;
    }

    /// <summary>
    /// Names the change. A change whose id was committed before is not made again and is <see cref="CommitOutcome.Done"/>, so that a caller
    /// who does not know what became of a change can repeat it. A store remembers ids until a purge that reaches past <see cref="Now"/>.
    /// Changes that were refused are not remembered.
    /// </summary>
    public Guid ChangeId { get; }

    /// <summary>What time it is: whole microseconds in UTC.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>The realm that the tokens are in.</summary>
    public string Realm { get; }

    /// <summary>Whose the tokens must be.</summary>
    public SubjectFilter Owner { get; }

    /// <summary>The tokens that the change names.</summary>
    public IReadOnlyList<Guid> Ids { get; }

    /// <summary>Who makes the change, and what must be held for it.</summary>
    public TokenActor Actor { get; }

    /// <summary>Adds a token.</summary>
    /// <remarks>Outcomes: Done, NameTaken, CapReached, Duplicate.</remarks>
    public sealed record Issue : TokenChange
    {
        /// <summary>Makes the change.</summary>
        /// <param name="changeId">Names the change.</param>
        /// <param name="now">What time it is.</param>
        /// <param name="token">The row to add; the store assigns its sequence.</param>
        /// <param name="livingTokenLimit">How many living tokens of the kind the subject may have in the realm, this one included; null for any number.</param>
        /// <param name="actor">Who issues it.</param>
        public Issue(Guid changeId, DateTimeOffset now, StoredToken token, int? livingTokenLimit, TokenActor actor)
            : base(changeId, now, RealmOf(token), OwnerOf(token), token.Id, actor)
        {
            Token = token;
            LivingTokenLimit = livingTokenLimit;
        }

        /// <summary>The row to add.</summary>
        public StoredToken Token { get; }

        /// <summary>
        /// How many living tokens – neither revoked nor, at <see cref="Now"/>, expired – of the row's kind its subject may have in the realm,
        /// this one included; null for any number. The limit also holds among concurrent writers.
        /// </summary>
        public int? LivingTokenLimit { get; }
    }

    /// <summary>Replaces what may change in a token that is not revoked, moves <see cref="StoredToken.UpdatedAt"/> and counts the version up.</summary>
    /// <remarks>Outcomes: Done, NameTaken, CapReached, Stale, NotFound (also for a revoked token).</remarks>
    public sealed record Update : TokenChange
    {
        /// <summary>Makes the change.</summary>
        /// <param name="changeId">Names the change.</param>
        /// <param name="now">What time it is.</param>
        /// <param name="token">
        /// The row as it should be. Its id, realm and subject say which token is meant, its version which state of it; its name, name key,
        /// scopes, expiry, suspension and wire data are written, everything else stays.
        /// </param>
        /// <param name="livingTokenLimit">As in <see cref="Issue"/>, for a token that was expired and would live again.</param>
        /// <param name="actor">Who changes it.</param>
        public Update(Guid changeId, DateTimeOffset now, StoredToken token, int? livingTokenLimit, TokenActor actor)
            : base(changeId, now, RealmOf(token), OwnerOf(token), token.Id, actor)
        {
            Token = token;
            LivingTokenLimit = livingTokenLimit;
        }

        /// <summary>The row as it should be, with the version that it was read with.</summary>
        public StoredToken Token { get; }

        /// <summary>
        /// The secret that replaces the row's, all of it in the same transaction, so that the former plaintext is worth nothing once the
        /// change is made.
        /// </summary>
        /// <value>Default: null, which leaves the row's secret as it is.</value>
        public StoredSecret? Secret { get; init; }

        /// <summary>As in <see cref="Issue"/>, checked only when the row is expired at <see cref="TokenChange.Now"/> and would no longer be.</summary>
        public int? LivingTokenLimit { get; }
    }

    /// <summary>Ends a token for ever: sets <see cref="StoredToken.RevokedAt"/> and <see cref="StoredToken.UpdatedAt"/>, counts the version up, erases name key and recoverable copy.</summary>
    /// <remarks>Outcomes: Done – also when it was revoked before, which changes nothing – and NotFound.</remarks>
    public sealed record Revoke : TokenChange
    {
        /// <summary>Makes the change.</summary>
        /// <param name="changeId">Names the change.</param>
        /// <param name="now">The instant of the revocation.</param>
        /// <param name="id">The token.</param>
        /// <param name="realm">The realm that it must be in.</param>
        /// <param name="owner">Whose it must be.</param>
        /// <param name="actor">Who revokes it.</param>
        public Revoke(Guid changeId, DateTimeOffset now, Guid id, string realm, SubjectFilter owner, TokenActor actor)
            : base(changeId, now, realm, owner, id, actor)
        {
        }
    }

    /// <summary>
    /// Replaces the hash of a token that is not revoked, and what shows possession besides, if it still has the hash that was read. It moves
    /// neither <see cref="StoredToken.UpdatedAt"/> nor the version: nobody who uses or edits the token notices.
    /// </summary>
    /// <remarks>Outcomes: Done, Stale (another hash), NotFound (also for a revoked token).</remarks>
    public sealed record Rehash : TokenChange
    {
        /// <summary>Makes the change.</summary>
        /// <param name="changeId">Names the change.</param>
        /// <param name="now">What time it is.</param>
        /// <param name="token">
        /// The row as it should be. Its id, realm and subject say which token is meant; hash, tag, key id and verifier of its secret are
        /// written, everything else stays.
        /// </param>
        /// <param name="expectedHash">The hash that the row must have, character by character.</param>
        /// <param name="actor">Who renews it.</param>
        public Rehash(Guid changeId, DateTimeOffset now, StoredToken token, string expectedHash, TokenActor actor)
            : base(changeId, now, RealmOf(token), OwnerOf(token), token.Id, actor)
        {
            ArgumentException.ThrowIfNullOrEmpty(expectedHash);
            Token = token;
            ExpectedHash = expectedHash;
        }

        /// <summary>The row as it should be.</summary>
        public StoredToken Token { get; }

        /// <summary>The hash that the row must have. It may be the one to write, where only the rest is new.</summary>
        public string ExpectedHash { get; }

        /// <summary>The id only: hashes belong in no log.</summary>
        public override string ToString() => $"Rehash of {Token}";
    }

    /// <summary>Removes a token.</summary>
    /// <remarks>Outcomes: Done and NotFound.</remarks>
    public sealed record Delete : TokenChange
    {
        /// <summary>Makes the change.</summary>
        /// <param name="changeId">Names the change.</param>
        /// <param name="now">What time it is.</param>
        /// <param name="id">The token.</param>
        /// <param name="realm">The realm that it must be in.</param>
        /// <param name="owner">Whose it must be.</param>
        /// <param name="actor">Who deletes it.</param>
        public Delete(Guid changeId, DateTimeOffset now, Guid id, string realm, SubjectFilter owner, TokenActor actor)
            : base(changeId, now, realm, owner, id, actor)
        {
        }
    }

    private static string RealmOf(StoredToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return token.Realm;
    }

    private static SubjectFilter OwnerOf(StoredToken token) => SubjectFilter.For(token.Subject);
}
