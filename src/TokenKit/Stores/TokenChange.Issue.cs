using TokenKit.Policy;

namespace TokenKit.Stores;

public abstract partial record TokenChange
{
    /// <summary>Adds a token.</summary>
    /// <remarks>
    /// Outcomes: Done, NameTaken, CapReached, Duplicate, ActorLost. Where the cap is reached and the name is taken as well, a store answers
    /// NameTaken.
    /// </remarks>
    public sealed record Issue : TokenChange
    {
        /// <summary>Makes the change.</summary>
        /// <param name="time">Tells what time it is, now and when the change is decided.</param>
        /// <param name="token">The row to add; the store assigns its sequence.</param>
        /// <param name="actor">Who issues it.</param>
        public Issue(TimeProvider time, StoredToken token, TokenActor actor)
            : base(time, NotNull(token).Realm, SubjectFilter.For(token.Subject), token.Id, actor)
        {
            Token = token;
            Ids = Ascending(null, actor.Token?.Id);
        }

        /// <summary>The row to add. It expires with the acting token at the latest.</summary>
        public StoredToken Token { get; }

        /// <summary>Whether scopes that the acting token lacks are left out. Otherwise they make the change fail.</summary>
        /// <value>Default: false.</value>
        public bool LeavesOutScopes { get; init; }

        /// <summary>
        /// How many living tokens of its kind the subject may have in the realm, this one included. <see cref="Limit"/> says when it can be passed.
        /// </summary>
        /// <value>Default: null, which means any number.</value>
        public int? LivingTokenLimit { get; init; }

        /// <inheritdoc/>
        public override TokenLimit? Limit => LivingTokenLimit is { } most ? new(Token.Subject, Token.Kind, most) : null;

        // A token whose issuer is being revoked with all others of its subject is there before that, or finds its issuer revoked.
        /// <inheritdoc/>
        public override string? GuardedSubject => Actor.Token is null ? null : Token.Subject;

        private protected override TokenDecision DecideFor(LockedTokens locked, ApiToken? acting, DateTimeOffset now)
        {
            if (LivingTokenLimit <= locked.Living)
            {
                return TokenDecision.Refuse(CommitOutcome.CapReached);
            }

            StoredToken wanted = LeavesOutScopes && acting is not null ? Token with { Scopes = ScopesOf(Token).Intersect(acting.Scopes).ToString() } : Token;
            PowerRule.Decision power = PowerRule.Limit(before: null, wanted.InWholeMicroseconds(), acting);
            return power.Problem is { } problem
                ? TokenDecision.Refuse(CommitOutcome.ActorLost, problem)
                : new TokenDecision(new CommitResult(CommitOutcome.Done, power.Row) { Written = 1, ExpiryClamped = power.Clamped }) { Added = power.Row };
        }

        private static ScopeSet ScopesOf(StoredToken row) => ApiToken.From(row).Scopes;
    }
}
