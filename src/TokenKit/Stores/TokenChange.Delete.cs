namespace TokenKit.Stores;

public abstract partial record TokenChange
{
    /// <summary>Removes a token.</summary>
    /// <remarks>Outcomes: Done, NotFound, ActorLost.</remarks>
    public sealed record Delete : TokenChange
    {
        /// <summary>Makes the change.</summary>
        /// <param name="time">Tells what time it is, now and when the change is decided.</param>
        /// <param name="id">The token.</param>
        /// <param name="realm">The realm that it must be in.</param>
        /// <param name="owner">Whose it must be.</param>
        /// <param name="actor">Who deletes it.</param>
        public Delete(TimeProvider time, Guid id, string realm, SubjectFilter owner, TokenActor actor)
            : base(time, realm, owner, id, actor)
        {
        }

        private protected override TokenDecision DecideFor(LockedTokens locked, ApiToken? acting, DateTimeOffset now) => FindTarget(locked) is { } row
            ? new TokenDecision(new CommitResult(CommitOutcome.Done) { Written = 1 }) { Removed = row.Id }
            : TokenDecision.Refuse(CommitOutcome.NotFound);
    }
}
