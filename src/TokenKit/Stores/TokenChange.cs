namespace TokenKit.Stores;

/// <summary>One change to one token, with the conditions under which it is made.</summary>
public abstract record TokenChange
{
    private TokenChange(Guid changeId, DateTimeOffset now)
    {
        ChangeId = changeId;
        Now = now;
    }

    /// <summary>
    /// Names the change. A change whose id was committed before is not made again and is <see cref="CommitOutcome.Done"/>, so that a caller
    /// who does not know what became of a change can repeat it. A store remembers ids until a purge that reaches past <see cref="Now"/>.
    /// Changes that were refused are not remembered.
    /// </summary>
    public Guid ChangeId { get; }

    /// <summary>What time it is: whole microseconds in UTC.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>Adds a token.</summary>
    /// <remarks>Outcomes: Done, NameTaken, CapReached, Duplicate.</remarks>
    public sealed record Issue : TokenChange
    {
        /// <summary>Makes the change.</summary>
        /// <param name="changeId">Names the change.</param>
        /// <param name="now">What time it is.</param>
        /// <param name="token">The row to add; the store assigns its sequence.</param>
        /// <param name="livingTokenLimit">How many living tokens of the kind the subject may have in the realm, this one included; null for any number.</param>
        public Issue(Guid changeId, DateTimeOffset now, StoredToken token, int? livingTokenLimit)
            : base(changeId, now)
        {
            ArgumentNullException.ThrowIfNull(token);
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

    /// <summary>A change to a token that must be there, in that realm, with such an owner.</summary>
    public abstract record Existing : TokenChange
    {
        private protected Existing(Guid changeId, DateTimeOffset now, Guid id, string realm, SubjectFilter owner)
            : base(changeId, now)
        {
            ArgumentException.ThrowIfNullOrEmpty(realm);
            ArgumentNullException.ThrowIfNull(owner);
            Id = id;
            Realm = realm;
            Owner = owner;
        }

        /// <summary>The token.</summary>
        public Guid Id { get; }

        /// <summary>The realm that it must be in.</summary>
        public string Realm { get; }

        /// <summary>Whose it must be.</summary>
        public SubjectFilter Owner { get; }
    }

    /// <summary>Replaces what may change in a token that is not revoked, moves <see cref="StoredToken.UpdatedAt"/> and counts the version up.</summary>
    /// <remarks>Outcomes: Done, NameTaken, CapReached, Stale, NotFound (also for a revoked token).</remarks>
    public sealed record Update : Existing
    {
        /// <summary>Makes the change.</summary>
        /// <param name="changeId">Names the change.</param>
        /// <param name="now">What time it is.</param>
        /// <param name="token">
        /// The row as it should be. Its id, realm and subject say which token is meant, its version which state of it; its name, name key,
        /// scopes, expiry, suspension and wire data are written, everything else stays but where <see cref="ReplacesSecret"/> is set.
        /// </param>
        /// <param name="livingTokenLimit">As in <see cref="Issue"/>, for a token that was expired and would live again.</param>
        public Update(Guid changeId, DateTimeOffset now, StoredToken token, int? livingTokenLimit)
            : base(changeId, now, (token ?? throw new ArgumentNullException(nameof(token))).Id, token.Realm, SubjectFilter.For(token.Subject))
        {
            Token = token;
            LivingTokenLimit = livingTokenLimit;
        }

        /// <summary>The row as it should be, with the version that it was read with.</summary>
        public StoredToken Token { get; }

        /// <summary>
        /// Whether what belongs to the secret is written too: hint, hash, tag, key id, verifier and recoverable copy, all in the same
        /// transaction, so that the former plaintext is worth nothing once the change is made.
        /// </summary>
        /// <value>Default: false.</value>
        public bool ReplacesSecret { get; init; }

        /// <summary>As in <see cref="Issue"/>, checked only when the row is expired at <see cref="TokenChange.Now"/> and would no longer be.</summary>
        public int? LivingTokenLimit { get; }
    }

    /// <summary>Ends a token for ever: sets <see cref="StoredToken.RevokedAt"/> and <see cref="StoredToken.UpdatedAt"/>, counts the version up, erases name key and recoverable copy.</summary>
    /// <remarks>Outcomes: Done – also when it was revoked before, which changes nothing – and NotFound.</remarks>
    public sealed record Revoke : Existing
    {
        /// <summary>Makes the change.</summary>
        /// <param name="changeId">Names the change.</param>
        /// <param name="now">The instant of the revocation.</param>
        /// <param name="id">The token.</param>
        /// <param name="realm">The realm that it must be in.</param>
        /// <param name="owner">Whose it must be.</param>
        public Revoke(Guid changeId, DateTimeOffset now, Guid id, string realm, SubjectFilter owner)
            : base(changeId, now, id, realm, owner)
        {
        }
    }

    /// <summary>
    /// Replaces the hash of a token that is not revoked, and what shows possession besides, if it still has the hash that was read. It moves
    /// neither <see cref="StoredToken.UpdatedAt"/> nor the version: nobody who uses or edits the token notices.
    /// </summary>
    /// <remarks>Outcomes: Done, Stale (another hash), NotFound (also for a revoked token).</remarks>
    public sealed record Rehash : Existing
    {
        /// <summary>Makes the change.</summary>
        /// <param name="changeId">Names the change.</param>
        /// <param name="now">What time it is.</param>
        /// <param name="token">
        /// The row as it should be. Its id, realm and subject say which token is meant; its hash, tag, key id and verifier are written,
        /// everything else stays.
        /// </param>
        /// <param name="expectedHash">The hash that the row must have, character by character.</param>
        public Rehash(Guid changeId, DateTimeOffset now, StoredToken token, string expectedHash)
            : base(changeId, now, (token ?? throw new ArgumentNullException(nameof(token))).Id, token.Realm, SubjectFilter.For(token.Subject))
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
    public sealed record Delete : Existing
    {
        /// <summary>Makes the change.</summary>
        /// <param name="changeId">Names the change.</param>
        /// <param name="now">What time it is.</param>
        /// <param name="id">The token.</param>
        /// <param name="realm">The realm that it must be in.</param>
        /// <param name="owner">Whose it must be.</param>
        public Delete(Guid changeId, DateTimeOffset now, Guid id, string realm, SubjectFilter owner)
            : base(changeId, now, id, realm, owner)
        {
        }
    }
}
