namespace TokenKit.Stores;

public abstract partial record TokenChange
{
    /// <summary>
    /// Replaces the hash of a token that is not revoked, and what shows possession besides, if it still has the hash that was read. It moves
    /// neither <see cref="StoredToken.UpdatedAt"/> nor the version: those who use or edit the token do not notice.
    /// </summary>
    /// <remarks>Outcomes: Done, Stale (another hash), NotFound (also for a revoked token).</remarks>
    public sealed record Rehash : TokenChange
    {
        /// <summary>Makes the change.</summary>
        /// <param name="time">Tells what time it is, now and when the change is decided.</param>
        /// <param name="token">
        /// The row as it should be. Its id, realm and subject say which token is meant; hash, tag, key id and verifier of its secret are
        /// written, everything else stays.
        /// </param>
        /// <param name="expectedHash">The hash that the row must have, character by character.</param>
        public Rehash(TimeProvider time, StoredToken token, string expectedHash)
            : base(time, NotNull(token).Realm, SubjectFilter.For(token.Subject), token.Id, TokenActor.Host)
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

        private protected override TokenDecision DecideFor(LockedTokens locked, ApiToken? acting, DateTimeOffset now)
        {
            if (FindTarget(locked) is not { RevokedAt: null } row)
            {
                return TokenDecision.Refuse(CommitOutcome.NotFound);
            }

            if (!string.Equals(row.Secret.Hash, ExpectedHash, StringComparison.Ordinal))
            {
                return TokenDecision.Refuse(CommitOutcome.Stale);
            }

            StoredSecret better = Token.Secret with { Hint = row.Secret.Hint, RecoverableCopy = row.Secret.RecoverableCopy };
            return TokenDecision.Change(row with { Secret = better });
        }
    }
}
