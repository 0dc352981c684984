namespace TokenKit.Stores;

public abstract partial record TokenChange
{
    /// <summary>Ends a token for ever: sets <see cref="StoredToken.RevokedAt"/> and <see cref="StoredToken.UpdatedAt"/>, counts the version up, erases name key and recoverable copy.</summary>
    /// <remarks>Outcomes: Done – also when it was revoked before, which changes nothing –, NotFound, ActorLost.</remarks>
    public sealed record Revoke : TokenChange
    {
        /// <summary>Makes the change.</summary>
        /// <param name="time">Tells what time it is, now and when the change is decided.</param>
        /// <param name="id">The token.</param>
        /// <param name="realm">The realm that it must be in.</param>
        /// <param name="owner">Whose it must be.</param>
        /// <param name="actor">Who revokes it.</param>
        public Revoke(TimeProvider time, Guid id, string realm, SubjectFilter owner, TokenActor actor)
            : base(time, realm, owner, id, actor)
        {
        }

        private protected override TokenDecision DecideFor(LockedTokens locked, ApiToken? acting, DateTimeOffset now) => FindTarget(locked) switch
        {
            null => TokenDecision.Refuse(CommitOutcome.NotFound),
            { RevokedAt: not null } row => new TokenDecision(new CommitResult(CommitOutcome.Done, row)),
            { } row => TokenDecision.Change(Revoked(row, now)),
        };
    }

    private static StoredToken Revoked(StoredToken row, DateTimeOffset now) => row with
    {
        RevokedAt = now,
        UpdatedAt = now,
        Version = row.Version + 1,
        NameKey = null,
        Secret = row.Secret with { RecoverableCopy = null },
    };
}
